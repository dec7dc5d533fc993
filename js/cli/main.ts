#!/usr/bin/env node
/**
 * `npx convex-gate`: makes and rotates static keys, and checks a set-up. Secrets go to standard
 * output only.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import type { KeyAlgorithm } from "../auth-config/keys.js";
import { isGateError } from "../errors/index.js";
import { environmentFindings } from "./findings.js";
import { newKeySet, rotatedKeySet } from "./keys.js";
import { reachabilityFindings } from "./reachability.js";

const USAGE = `Usage: convex-gate <command>

  keys generate [--alg RS256|ES256]   print a static key set for STATIC_JWKS
  keys rotate [--alg RS256|ES256]     add a key to the set in STATIC_JWKS, or on standard input
  doctor [--site-url URL] [--base-path PATH] [--env-file FILE]
                                      check variables and, with a site URL, issuer and key set

The environment is read from .env.local (or --env-file) and the process; the process wins.
Exit codes: 0 fine, 1 problems found, 2 wrong usage.
`;

/** Exit codes, for CI. */
const exit = { fine: 0, problems: 1, usage: 2 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        alg: { type: "string" },
        "site-url": { type: "string" },
        "base-path": { type: "string", default: "/api/auth" },
        "env-file": { type: "string", default: ".env.local" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return exit.fine;
    }
    const command = positionals.join(" ");
    const env = { ...envFile(values["env-file"]), ...process.env };
    if (command === "keys generate")
      return printKeys(
        await newKeySet(algorithm(values.alg) ?? "RS256", Date.now()),
        "npx convex-gate keys generate",
      );
    if (command === "keys rotate") return await rotate(env, algorithm(values.alg));
    if (command === "doctor") return await doctor(env, values["site-url"], values["base-path"]);
    return usage(command === "" ? "a command is missing" : `unknown command "${command}"`);
  } catch (error) {
    if (isGateError(error)) {
      process.stderr.write(`${error.code}: ${error.message}\n`);
      return exit.problems;
    }
    return usage(error instanceof Error ? error.message : "wrong arguments");
  }
}

async function rotate(
  env: Record<string, string | undefined>,
  alg: KeyAlgorithm | undefined,
): Promise<number> {
  const text = env["STATIC_JWKS"] || (process.stdin.isTTY ? "" : readFileSync(0, "utf8").trim());
  if (text === "") {
    process.stderr.write(
      "ENV_MISSING: STATIC_JWKS is not set. Give the current set: npx convex env get STATIC_JWKS | npx convex-gate keys rotate\n",
    );
    return exit.problems;
  }
  return printKeys(
    await rotatedKeySet(text, alg, Date.now()),
    "npx convex env get STATIC_JWKS | npx convex-gate keys rotate",
  );
}

function printKeys(keys: readonly object[], source: string): number {
  process.stdout.write(`${JSON.stringify(keys)}\n`);
  process.stderr.write(
    "Set the line above as STATIC_JWKS, without it passing through a file or the shell's history:\n" +
      `  ${source} | npx convex env set STATIC_JWKS\n` +
      "or: npx convex env set STATIC_JWKS -- '<the line above>'\n" +
      "Then give it to both sides: getAuthConfigProvider({ jwks: process.env.STATIC_JWKS }) and convex({ authConfig, jwks: process.env.STATIC_JWKS }).\n",
  );
  return exit.fine;
}

async function doctor(
  env: Record<string, string | undefined>,
  siteUrl: string | undefined,
  basePath: string,
): Promise<number> {
  const findings = environmentFindings(env);
  if (siteUrl !== undefined) findings.push(...(await reachabilityFindings(siteUrl, basePath)));
  const signs = { ok: "ok     ", warning: "warning", error: "error  " };
  for (const { level, code, message, remedy } of findings) {
    process.stdout.write(`${signs[level]} ${code}: ${message}${remedy ? ` -> ${remedy}` : ""}\n`);
  }
  return findings.some(({ level }) => level === "error") ? exit.problems : exit.fine;
}

function algorithm(text: string | undefined): KeyAlgorithm | undefined {
  if (text === undefined || text === "RS256" || text === "ES256") return text;
  throw new Error(`--alg must be RS256 or ES256, not "${text}"`);
}

function usage(problem: string): number {
  process.stderr.write(`convex-gate: ${problem}\n\n${USAGE}`);
  return exit.usage;
}

function envFile(path: string): Record<string, string | undefined> {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}
