import { GateError } from "../errors/index.js";
import { cookieNames, rawCookies } from "../utils/cookies.js";
import { isPublicSecret, SET_SECRET } from "../utils/secrets.js";
import { MOST_TOKEN_BYTES, readSignedCookie } from "../wasm/jwt.js";

/** Options of {@link readSessionToken}. */
export interface SessionTokenOptions {
  /** The deployment's `BETTER_AUTH_SECRET`. Of rotated secrets the current one: Better Auth takes no other for cookies. */
  readonly secret: string;
  /** Better Auth's `advanced.cookiePrefix`. @default "better-auth" */
  readonly cookiePrefix?: string | undefined;
  /**
   * The whole name, when `advanced.cookies.session_token.name` is set. A name that begins with `__Secure-` or `__Host-`
   * is looked for as it is; of any other the prefixed spellings come first.
   */
  readonly cookieName?: string | undefined;
  /**
   * Whether only names with `__Secure-` or `__Host-` count, as Better Auth gives them on https: any http page of the same
   * host can set the others.
   * @default false
   */
  readonly requirePrefix?: boolean | undefined;
  /**
   * Whether `Authorization: Bearer` counts, before any cookie: true as the `bearer()` plugin has it, where an unsigned
   * session token is enough; "signed" as with `requireSignature`.
   * @default false
   */
  readonly bearer?: boolean | "signed" | undefined;
}

/**
 * The session token that a request carries, or null when it carries none that Better Auth signed. The signature is
 * checked in constant time; nothing is looked up, so ask `authComponent.getSessionByToken(ctx, token)` whether the
 * session lives. For HTTP actions and servers of the app that know the secret. Imported from `convex-gate/jwt`.
 *
 * @throws GateError `INVALID_OPTION` without a secret, and `SECRET_INSECURE` for one that anybody can look up: anybody could
 * sign with it.
 */
export function readSessionToken(
  headers: { get(name: string): string | null },
  options: SessionTokenOptions,
): string | null {
  const { secret, bearer = false } = options;
  if (typeof secret !== "string" || secret === "")
    throw new GateError("INVALID_OPTION", "readSessionToken: `secret` must not be empty", {
      meta: { option: "secret" },
    });
  if (isPublicSecret(secret))
    throw new GateError(
      "SECRET_INSECURE",
      `readSessionToken: \`secret\` is one that anybody can look up. Run \`${SET_SECRET}\`.`,
      { meta: { option: "secret" } },
    );
  const fromHeader = bearer === false ? null : bearerToken(headers, secret, bearer === "signed");
  if (fromHeader !== null) return fromHeader;
  const cookies = rawCookies(headers.get("cookie"));
  const name = options.cookieName ?? `${options.cookiePrefix ?? "better-auth"}.session_token`;
  // One that is there decides, be it good or bad: a worse protected one must not be tried in its place.
  const value = cookieNames(name, options.requirePrefix)
    .map((spelling) => cookies.get(spelling))
    .find((found) => found !== undefined);
  return value === undefined ? null : readSignedCookie(value, secret);
}

function bearerToken(
  headers: { get(name: string): string | null },
  secret: string,
  signedOnly: boolean,
): string | null {
  const token = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return null;
  if (token.includes(".")) return readSignedCookie(token, secret);
  return signedOnly || token.length > MOST_TOKEN_BYTES ? null : token;
}
