/** What a first production deployment usually lacks, beside what every deployment may lack. */
import type { DeploymentEnv } from "./deployment-env.js";
import type { Env, Finding } from "./finding.js";
import type { SourceTree } from "./source-tree.js";
import { firstVersion } from "./secret-findings.js";

/** Variables that Convex sets itself, or that other findings are about. */
const OTHERS_MATTER =
  /^(CONVEX_.*|NODE_ENV|SITE_URL|BETTER_AUTH_(SECRETS?|URL|TRUSTED_ORIGINS)|AUTH_SECRET|STATIC_JWKS)$/;

/** Names of what a service asks for, without which it refuses the app. */
const CREDENTIAL = /SECRET|PASSW|PASSPHRASE|CREDENTIAL|TOKEN|CLIENT_?ID|KEYS?(?=_|$)/i;

/**
 * Looks at the variables of production, beside those of the deployment for development, and at what the app's functions read.
 * Values never enter a finding, but for addresses.
 */
export function productionFindings(
  env: Env,
  development: DeploymentEnv,
  tree: SourceTree,
): Finding[] {
  const before = "env" in development ? development.env : {};
  // Where a deploy key chooses the deployment, as in CI, both questions are answered by the same one.
  const dev = isSame(env, before) ? {} : before;
  return [
    ...["SITE_URL", "BETTER_AUTH_URL"].flatMap((name) => addressFindings(name, env[name])),
    ...modeFindings(env),
    ...reusedFindings(env, dev),
    ...missingFindings(env, dev, tree),
  ];
}

function addressFindings(code: string, value: string | undefined): Finding[] {
  if (!value || !URL.canParse(value)) return [];
  const { protocol, hostname } = new URL(value);
  const remedy = `npx convex env set --prod ${code} https://app.example.com`;
  const of = (message: string): Finding[] => [{ level: "error", code, message, remedy }];
  if (/^(localhost|127\..*|\[::1\]|0\.0\.0\.0|.*\.(localhost|local))$/.test(hostname))
    return of(`is the developer's machine (${value}), in production`);
  return protocol === "http:" ? of(`is not https (${value}): cookies would travel in clear`) : [];
}

function modeFindings(env: Env): Finding[] {
  const code = "NODE_ENV";
  const value = env[code];
  if (!value || value === "production") return [];
  return [
    {
      level: "error",
      code,
      message: `is "${value}", which switches off Better Auth's rate limits or checks`,
      remedy: `npx convex env remove --prod ${code}`,
    },
  ];
}

/** Whoever sees the one deployment could sign for the other. */
function reusedFindings(env: Env, dev: Env): Finding[] {
  const of = (code: string, remedy: string): Finding[] => {
    const isReused = Boolean(env[code]) && env[code] === dev[code];
    const message = "is the same as the development deployment's";
    return isReused ? [{ level: "error", code, message, remedy }] : [];
  };
  return [
    ...of("BETTER_AUTH_SECRET", firstVersion(true)),
    ...of("BETTER_AUTH_SECRETS", firstVersion(true)),
    ...of("STATIC_JWKS", "npx convex-gate keys rotate --set --prod --compromised"),
  ].filter(({ code }) => code !== "BETTER_AUTH_SECRET" || !env["BETTER_AUTH_SECRETS"]);
}

/**
 * What the functions read: the keys of providers and of mail services above all. Others may be meant for development alone, as
 * a switch that keeps mails from being sent.
 */
function missingFindings(env: Env, dev: Env, { functions }: SourceTree): Finding[] {
  const names = functions.flatMap(({ text }) =>
    [...text.matchAll(/\bprocess\.env(?:\.(\w+)|\[["'](\w+)["']\])/g)].map(
      ([, dotted, quoted]) => dotted ?? quoted ?? "",
    ),
  );
  return [...new Set(names)]
    .filter((name) => dev[name] && !env[name] && !OTHERS_MATTER.test(name))
    .map((code): Finding => {
      const isNeeded = CREDENTIAL.test(code);
      const command = `npx convex env set --prod ${code}`;
      return {
        level: isNeeded ? "error" : "warning",
        code,
        message: "is read by the app's functions and set for development, and not for production",
        remedy: isNeeded ? command : `if production needs it: ${command}`,
      };
    });
}

function isSame(one: Env, other: Env): boolean {
  const text = (env: Env): string => JSON.stringify(Object.entries(env).sort());
  return text(one) === text(other);
}
