/** Hashing and verifying a password: Rust in wasm against what Better Auth runs on Convex, and against Node's own. */
import { scryptAsync } from "@noble/hashes/scrypt.js";
import * as native from "better-auth/crypto";
import { hashPassword, verifyPassword } from "convex-gate/password";
import { turns } from "./measure.js";
import type { Sides } from "./measure.js";
import type { Row } from "./report.js";
import type { Side } from "./side.js";
import { summarise } from "./statistics.js";

const password = "correct horse battery";

const UNITS = ["ms", "cpu ms"] as const;
type Cost = Record<(typeof UNITS)[number], number>;

interface Functions {
  hash(password: string): Promise<string>;
  verify(input: { hash: string; password: string }): Promise<boolean>;
}

const rust: Functions = { hash: hashPassword, verify: verifyPassword };
/** What Better Auth takes where it finds no `node:crypto`; in this process it would find it. */
const javaScript: Functions = {
  async hash(text) {
    const salt = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
    return `${salt}:${await keyOf(text, salt)}`;
  },
  async verify({ hash, password: text }) {
    const [salt = "", key] = hash.split(":");
    return (await keyOf(text, salt)) === key;
  },
};
const keyOf = async (text: string, salt: string): Promise<string> =>
  Buffer.from(
    await scryptAsync(text.normalize("NFKC"), salt, { N: 16384, r: 16, p: 1, dkLen: 64 }),
  ).toString("hex");

/** Both functions, in a fresh context each time and in this process, which has run them before. */
export async function measurePasswords(sides: Sides, rounds: number): Promise<Row[]> {
  const fresh = await turns(sides, rounds, async (side) => {
    const neither = await timed(side, {});
    const hash = await timed(side, { password });
    const verify = await timed(side, { password, hash: hash.result });
    if (verify.result !== true) throw new Error(`${side.name} does not verify its own hash`);
    // What the context and Better Auth in it take, whoever hashes.
    const without = (cost: Cost): Cost => ({
      ms: cost.ms,
      "cpu ms": cost["cpu ms"] - neither["cpu ms"],
    });
    return { hash: without(hash), verify: without(verify) };
  });
  const rows: Row[] = (["hash", "verify"] as const).flatMap((what) =>
    UNITS.map((unit) => ({
      group: "password" as const,
      name: `${what}, in a fresh context`,
      unit,
      ours: summarise(fresh.ours.map((each) => each[what][unit])),
      peer: summarise(fresh.peer.map((each) => each[what][unit])),
    })),
  );
  const rivals: [string, Functions][] = [
    ["JavaScript", javaScript],
    ["node:crypto", { hash: native.hashPassword, verify: native.verifyPassword }],
  ];
  for (const [name, rival] of rivals) rows.push(...(await warm(name, rival, rounds)));
  return rows;
}

/** The time of the function alone, and the processor time of the whole call. */
async function timed(side: Side, args: object): Promise<Cost & { result?: unknown }> {
  const cpuAtStart = process.cpuUsage();
  const answer = await side.call("action", "auth:timePassword", args);
  const { user, system } = process.cpuUsage(cpuAtStart);
  return { ...(answer as { ms: number; result?: unknown }), "cpu ms": (user + system) / 1000 };
}

async function warm(name: string, rival: Functions, rounds: number): Promise<Row[]> {
  const known = await rival.hash(password);
  const works: ["hash" | "verify", (functions: Functions) => Promise<unknown>][] = [
    ["hash", ({ hash }) => hash(password)],
    ["verify", ({ verify }) => verify({ hash: known, password })],
  ];
  const rows: Row[] = [];
  for (const [what, work] of works) {
    const times: Record<"ours" | "peer", Cost[]> = { ours: [], peer: [] };
    for (let round = -1; round < rounds; round += 1) {
      const [mine, theirs] = [await costOf(() => work(rust)), await costOf(() => work(rival))];
      if (round < 0) continue;
      times.ours.push(mine);
      times.peer.push(theirs);
    }
    for (const unit of UNITS) {
      rows.push({
        group: "password",
        name: `${what}, warm, against ${name}`,
        unit,
        ours: summarise(times.ours.map((each) => each[unit])),
        peer: summarise(times.peer.map((each) => each[unit])),
      });
    }
  }
  return rows;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const cpuAtStart = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuAtStart);
  return { ms, "cpu ms": (user + system) / 1000 };
}
