/**
 * The key by which a deployment is reached: the one that the project's Convex CLI uses, where it is in a variable or in the
 * state of a local deployment, or one that the CLI makes for this import and takes back after it. Never in arguments.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GateError } from "../../errors/index.js";
import { appFolder } from "../app.js";
import { runConvex } from "../convex-cli.js";
import type { Env } from "../finding.js";

/** An address and a key of an administrator. */
export interface Credentials {
  readonly url: string;
  readonly key: string;
  /** Takes back a key that was made for this. */
  readonly release?: () => Promise<void>;
}

const LOCAL_STATE = ".convex/local/default/config.json";
const ADVICE =
  "set CONVEX_DEPLOY_KEY to a deploy key of the deployment, from its settings in the dashboard";

/**
 * Finds them as the Convex CLI does (1.48).
 *
 * @throws GateError `IMPORT_REFUSED` if `prod` is not what the key is for, `IMPORT_STOPPED` if there is none.
 */
export async function credentialsFor(
  env: Env,
  prod: boolean,
  folder: string = appFolder(),
): Promise<Credentials> {
  const selfHosted = env["CONVEX_SELF_HOSTED_URL"];
  const adminKey = env["CONVEX_SELF_HOSTED_ADMIN_KEY"];
  if (selfHosted && adminKey) return { url: trimmed(selfHosted), key: adminKey };
  const deployKey = env["CONVEX_DEPLOY_KEY"];
  if (deployKey) {
    const isProd = deployKey.startsWith("prod:") || !deployKey.split("|")[0]?.includes(":");
    if (isProd !== prod)
      throw new GateError(
        "IMPORT_REFUSED",
        isProd
          ? "CONVEX_DEPLOY_KEY is for production: say so with --prod"
          : "CONVEX_DEPLOY_KEY is not for production: leave --prod out, or set the key of production",
      );
    return { url: await addressOf(prod), key: deployKey };
  }
  if (!prod && /^(local|anonymous):/.test(env["CONVEX_DEPLOYMENT"] ?? "")) return local(folder);
  return temporary(prod);
}

function local(folder: string): Credentials {
  const file = join(folder, LOCAL_STATE);
  const state: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  const { adminKey, ports } = (state ?? {}) as { adminKey?: string; ports?: { cloud?: number } };
  if (adminKey === undefined || ports?.cloud === undefined)
    throw new GateError(
      "IMPORT_STOPPED",
      `no local deployment was found in ${LOCAL_STATE}: start it with \`npx convex dev\`, in the folder of the app`,
    );
  return { url: `http://127.0.0.1:${String(ports.cloud)}`, key: adminKey };
}

/** A deploy key that lives as long as the import. */
async function temporary(prod: boolean): Promise<Credentials> {
  const url = await addressOf(prod);
  const name = `convex-gate-import-${Date.now().toString(36)}`;
  const at = prod ? ["--prod"] : [];
  const { code, output } = await runConvex(["deployment", "token", "create", name, ...at], {
    capture: true,
  });
  const key = output.trim().split("\n").at(-1)?.trim();
  if (code !== 0 || !key?.includes("|"))
    throw new GateError("IMPORT_STOPPED", `the Convex CLI could not make a deploy key: ${ADVICE}`);
  process.stderr.write(`The deploy key ${name} was made for this import.\n`);
  return {
    url,
    key,
    release: async () => {
      const taken = await runConvex(["deployment", "token", "delete", name, ...at], {
        capture: true,
        quietForMs: 30_000,
      });
      process.stderr.write(
        taken.code === 0
          ? `The deploy key ${name} was deleted.\n`
          : `The deploy key ${name} could not be deleted: delete it in the dashboard, or with \`npx convex deployment token delete ${name}\`.\n`,
      );
    },
  };
}

/** The address of the deployment, which a deploy key does not say: it depends on its region. */
async function addressOf(prod: boolean): Promise<string> {
  const args = ["function-spec", ...(prod ? ["--prod"] : [])];
  const { output } = await runConvex(args, { capture: true, quietForMs: 30_000 });
  const url = /^\s*"url": "(https?:\/\/[^"\s]+)"/m.exec(output)?.[1];
  if (url) return trimmed(url);
  throw new GateError(
    "IMPORT_STOPPED",
    `\`npx convex ${args.join(" ")}\` does not tell the deployment's address: ${ADVICE}`,
  );
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}
