/** The app's own origin, which the deployment's variable `SITE_URL` names. */
import { GateError } from "../errors/index.js";
import { readEnv } from "./env.js";

/** The variable that names the app's origin, on one origin and on two. */
export const SITE_URL = "SITE_URL";

/**
 * The origin that `SITE_URL` names; undefined where it is not set, as in a native app. A path and a slash at the end are left
 * out: Better Auth would take a path for its own base path. Throws `INVALID_OPTION` for what is no http(s) URL.
 */
export function appOrigin(): string | undefined {
  const value = readEnv(SITE_URL);
  if (value === undefined) return undefined;
  const origin = webOrigin(value);
  if (origin !== undefined) return origin;
  throw new GateError(
    "INVALID_OPTION",
    `${SITE_URL} must be the origin of your app, and one only, not "${value}". ${setSiteUrl(value)} Further origins, and the ` +
      "scheme of a native app, go into trustedOrigins of the options.",
    { meta: { variable: SITE_URL } },
  );
}

/** The origin of one http(s) URL; undefined for anything else. */
export function webOrigin(value: string): string | undefined {
  // A list of origins parses as one URL: the comma is in its host or its path.
  if (!URL.canParse(value) || /[\s,]/.test(value.trim())) return undefined;
  const { protocol, origin } = new URL(value);
  return /^https?:$/.test(protocol) ? origin : undefined;
}

/** The command that sets `SITE_URL`: to the first of several, with a protocol where it has none. */
export function setSiteUrl(value: string): string {
  const [first = ""] = value.trim().split(/[\s,]+/);
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(first);
  const whole = first.includes("://") ? first : `${isLocal ? "http" : "https"}://${first}`;
  const origin = webOrigin(whole) ?? "https://app.example.com";
  return `Run \`npx convex env set ${SITE_URL} ${origin}\` with the address of your app.`;
}
