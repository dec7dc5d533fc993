/** What `doctor` says of Better Auth's secret. */
import { isPublicSecret, secretVersions, SET_SECRET } from "../utils/secrets.js";
import { notSet } from "./finding.js";
import type { Finding, Seen } from "./finding.js";

const CODE = "BETTER_AUTH_SECRET";
const SHORTEST_SECRET = 32;
const FEWEST_DIFFERENT_CHARACTERS = 12;

/** One finding; none where a secret may be set that was not seen. Its value never enters it. */
export function secretFindings({ env, isWhole, prod, onlyHere }: Seen): Finding[] {
  const given = (name: string): string[] => (env[name] ? [env[name]] : []);
  // Of the variables for one secret Better Auth (1.7) takes the first that is not empty.
  const single = [...given(CODE), ...given("AUTH_SECRET")].slice(0, 1);
  const lists = given("BETTER_AUTH_SECRETS").map(secretVersions);
  if (lists.includes(undefined)) return [UNREADABLE];
  const versions = lists.flatMap((list) => list ?? []).map(({ value }) => value);
  const all = [...versions, ...single];
  const [current] = all;
  const setSecret = prod ? SET_SECRET.replace("env set", "env set --prod") : SET_SECRET;
  if (!current?.trim()) return isWhole ? [finding("error", notSet(CODE, onlyHere), setSecret)] : [];
  // What was encrypted with a former one is still accepted.
  if (versions.some(isPublicSecret))
    return [finding("error", PUBLIC, "take it out of BETTER_AUTH_SECRETS")];
  // The routes refuse it, so that nobody is signed in who would be signed out.
  if (single.some(isPublicSecret)) return [finding("error", PUBLIC, setSecret)];
  const remedy = versions.length > 0 ? NEW_VERSION : firstVersion(prod);
  if (current.length < SHORTEST_SECRET)
    return [finding("warning", `is shorter than ${SHORTEST_SECRET} characters`, remedy)];
  if (new Set(current).size < FEWEST_DIFFERENT_CHARACTERS)
    return [finding("warning", "repeats few characters; it does not look random", remedy)];
  return [finding("ok", "is set and long enough")];
}

const UNREADABLE: Finding = {
  level: "error",
  code: "BETTER_AUTH_SECRETS",
  message:
    "is not a list of version:secret with a version for each, so Better Auth refuses to start",
  remedy: 'set it as "2:new,1:old", the current one first',
};
const PUBLIC = "is one that anybody can look up";

/**
 * A secret in use is never replaced: what was encrypted with it, as second factors and signing keys, could not be read any
 * longer. Better Auth (1.7) reads with the former one and writes with the new one; it signs cookies with the new one alone.
 */
export function firstVersion(prod: boolean): string {
  const target = prod ? "--prod " : "";
  return `keep it and put one before it, which asks everybody to sign in again: npx convex env set ${target}BETTER_AUTH_SECRETS "1:$(openssl rand -base64 32)"`;
}
const NEW_VERSION =
  "put a new version in front of BETTER_AUTH_SECRETS and keep the others, which asks everybody to sign in again";

function finding(level: Finding["level"], message: string, remedy?: string): Finding {
  return { level, code: CODE, message, remedy };
}
