import type { Session, User } from "better-auth";
import { GateError } from "../../errors/index.js";
import { APPLICATION_ID } from "../../auth-config/application-id.js";

/** Whom a token is for. Dates are real dates, names are Better Auth's. */
export interface ClaimSource {
  readonly user: User & Record<string, unknown>;
  readonly session: Session & Record<string, unknown>;
}

/** Further claims for a token; nothing means none. */
export type DefinePayload = (source: ClaimSource) => MaybeClaims | Promise<MaybeClaims>;

type MaybeClaims = Record<string, unknown> | null | undefined;

/** What decides the claims of a token besides its times. */
export interface ClaimRules {
  readonly issuer: string;
  readonly claims: readonly string[];
  readonly definePayload: DefinePayload | undefined;
}

/** Claims in the order in which they are serialised. */
export type Claims = Record<string, unknown>;

const reserved: ReadonlySet<string> = new Set([
  // RFC 7519 section 4.1, all set here or left out on purpose.
  ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti"],
  // Convex puts custom claims beside these fields of the identity, where a claim of the same name
  // would take their place.
  ...["tokenIdentifier", "subject", "issuer"],
  // Ours: `getAuthUser` finds the session by it.
  "sessionId",
]);

/**
 * Throws `RESERVED_CLAIM` for a name that the app cannot use: registered names, names of Convex's
 * identity fields, names with a dot (Convex flattens nested claims into dotted names) and names
 * that Convex keeps for itself.
 */
export function checkClaimName(name: string, origin: string): void {
  if (!reserved.has(name) && !name.includes(".") && !/^(convex|cvx)/i.test(name) && name !== "")
    return;
  throw new GateError(
    "RESERVED_CLAIM",
    `convex({ jwt: { ${origin} } }): the claim "${name}" is reserved. Use another name; the user's id is in \`subject\`, ` +
      "the session's id in `sessionId`.",
    { meta: { claim: name, option: `jwt.${origin}` } },
  );
}

/**
 * The claims of a token without its times. None of them changes from one refresh to the next unless
 * the user's data does, because Convex's query cache is keyed by them.
 */
export async function claimsFor(source: ClaimSource, rules: ClaimRules): Promise<Claims> {
  const claims: Claims = {
    iss: rules.issuer,
    aud: APPLICATION_ID,
    sub: source.user.id,
    sessionId: source.session.id,
  };
  for (const name of rules.claims) {
    const value = source.user[name];
    if (value !== undefined && value !== null) claims[name] = value;
  }
  if (rules.definePayload) {
    const payload: unknown = (await rules.definePayload(source)) ?? {};
    if (typeof payload !== "object" || Array.isArray(payload))
      throw invalidPayload("must return an object of claims or nothing");
    for (const [name, value] of Object.entries(payload as object)) {
      checkClaimName(name, "definePayload");
      if (!isJson(value))
        throw invalidPayload(`gave the claim "${name}" a value that JSON cannot hold`);
      claims[name] = value;
    }
  }
  return claims;
}

/** False for what makes the signing fail: a bigint, or an object within itself. */
function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function invalidPayload(problem: string): GateError {
  return new GateError("INVALID_OPTION", `convex({ jwt: { definePayload } }) ${problem}.`, {
    meta: { option: "jwt.definePayload" },
  });
}

/**
 * True when a token with the claims `signed` says the same as `wanted` would. Times and token ids
 * do not count.
 */
export function sameClaims(signed: Claims, wanted: Claims): boolean {
  return stableText(signed) === stableText(wanted);
}

function stableText(claims: Claims): string {
  const { iat: _iat, exp: _exp, jti: _jti, ...rest } = claims;
  // Through JSON once, so that dates and left-out values compare as they are signed.
  return JSON.stringify(
    Object.entries(rest)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([, v]) => v !== undefined),
  );
}
