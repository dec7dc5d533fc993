/** Running programs, and saying what is being done and how long it took. Of Node alone: it runs before any package is installed. */
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { metered } from "./processor-time.mjs";

/** The folder of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Something is missing that the scripts cannot get by themselves. The message names it and the remedy. */
export class Missing extends Error {}

/** A script was called with what it does not know. The message says what it does. */
export class WrongUsage extends Error {}

/** Runs a step and prints what it was, what came of it and its duration. */
export async function step(name, work) {
  const startedAt = performance.now();
  const outcome = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`  ${name}: ${outcome ?? "done"} (${seconds} s)`);
  return outcome;
}

/** Runs a program and gives its output; throws with the output's end when it fails. */
export async function run(command, args, { cwd = root, env = {}, quiet = true } = {}) {
  const { code, output } = await spawned(command, args, { cwd, env, quiet });
  if (code === 0) return output;
  const tail = output.split("\n").slice(-40).join("\n");
  throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${quiet ? tail : ""}`);
}

/** Runs a program to its end, whatever that is. */
export function spawned(command, args, { cwd = root, env = {}, quiet = true } = {}) {
  const meter = metered(command, args);
  return new Promise((done, fail) => {
    const child = spawn(meter?.command ?? command, meter?.args ?? args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", meter ? "pipe" : "ignore"],
    });
    const chunks = [];
    const times = [];
    child.stdio[3]?.on("data", (chunk) => times.push(chunk));
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.on("data", (chunk) => {
        chunks.push(chunk);
        if (!quiet) target.write(chunk);
      });
    }
    child.on("error", fail);
    child.on("close", (code) => {
      meter?.add(Buffer.concat(times).toString("utf8"));
      done({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") });
    });
  });
}

/** The output of a program, or undefined when it is absent or fails. */
export function answerOf(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", cwd: root, ...options });
  return status === 0 ? stdout.trim() : undefined;
}

/** Where a program is, looked for as a shell would. */
export function which(program, path = process.env.PATH ?? "") {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
