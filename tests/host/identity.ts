/** The verification of JWTs by the rules of `auth.config`, as Convex applies them. */
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader } from "jose";
import type { JSONWebKeySet, JWTPayload } from "jose";
import type { AuthProvider } from "./auth-config.js";
import { createKeySets } from "./jwks.js";
import { TokenRefused } from "./refusal.js";

/** A caller's identity: Convex's attributes and the token's own claims, and when it ends. */
export interface VerifiedIdentity {
  attributes: Record<string, unknown> & {
    tokenIdentifier: string;
    subject: string;
    issuer: string;
  };
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** The JWT itself. */
  token: string;
}

const LEEWAY_S = 5;
const REGISTERED = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

/** Verifies tokens against the providers. */
export function createVerifier(
  providers: () => AuthProvider[],
): (token: string) => Promise<VerifiedIdentity> {
  const keySet = createKeySets();
  return async (token) => {
    const claims = unverified(token);
    const provider = providers().find((each) => accepts(each, claims));
    if (!provider) throw new TokenRefused(noProvider(providers()), "NoAuthProvider");
    if (provider.type !== "customJwt") {
      throw new TokenRefused("the local host verifies tokens of customJwt providers only");
    }
    const keys = await keySet(provider.jwks ?? "");
    const payload = await decoded(token, keys, provider.algorithm ?? "RS256");
    checkTimes(payload, Date.now() / 1000);
    if (typeof payload.sub !== "string" || payload.exp === undefined) {
      throw new TokenRefused(
        "Could not verify token claim. Check that the JWT contains valid claims and matches your auth provider configuration.",
      );
    }
    return identityOf(payload, token);
  };
}

function noProvider(providers: readonly AuthProvider[]): string {
  if (providers.length === 0)
    return "No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.";
  const list = providers.map(({ type, issuer, domain, applicationID = "none" }) =>
    type === "customJwt"
      ? `CustomJWT(issuer=${String(issuer)}, app_id=${applicationID})`
      : `OIDC(domain=${String(domain)}, app_id=${applicationID})`,
  );
  return `No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your configured providers: [${list.join(", ")}]`;
}

function unverified(token: string): JWTPayload {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch {
    throw new TokenRefused(
      "Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.",
    );
  }
  if (claims.iss === undefined) {
    throw new TokenRefused(
      "Missing issuer claim ('iss') in JWT payload. The JWT must include an 'iss' claim that matches one of your configured auth providers.",
    );
  }
  return claims;
}

/** The payload. A wrong key, a wrong algorithm and an unknown `kid` are told with the same words. */
async function decoded(
  token: string,
  keys: JSONWebKeySet,
  algorithm: "RS256" | "ES256",
): Promise<JWTPayload> {
  const { kid } = decodeProtectedHeader(token);
  if (kid === undefined)
    throw new TokenRefused("Could not decode token. JWT may be missing a 'kid' (key ID) header.");
  try {
    const { payload } = await compactVerify(token, createLocalJWKSet(keys), {
      algorithms: [algorithm],
    });
    return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
  } catch {
    throw new TokenRefused(
      `Could not decode token. The JWT's 'kid' (key ID) header is '${kid}', does this key match any key in the provider's JWKS?`,
    );
  }
}

function checkTimes({ exp, nbf, iat }: JWTPayload, nowS: number): void {
  const refused = (text: string): TokenRefused =>
    new TokenRefused(`Could not validate token: ${text}`);
  if (exp !== undefined && nowS > exp + LEEWAY_S)
    throw refused(`Token expired ${String(Math.floor(nowS - exp))} seconds ago`);
  const start = Math.max(nbf ?? 0, iat ?? 0);
  if (start > nowS + LEEWAY_S)
    throw refused(`Token will be valid in ${String(Math.ceil(start - nowS))} seconds`);
}

function accepts(provider: AuthProvider, claims: JWTPayload): boolean {
  const issuer = provider.issuer ?? provider.domain ?? "";
  if (plainIssuer(issuer) !== plainIssuer(claims.iss ?? "")) return false;
  if (provider.applicationID === undefined) return true;
  return [claims.aud].flat().includes(provider.applicationID);
}

function plainIssuer(issuer: string): string {
  return (/^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`).replace(/\/$/, "");
}

function identityOf(payload: JWTPayload, token: string): VerifiedIdentity {
  const { iss = "", sub = "", exp = 0 } = payload;
  const attributes: VerifiedIdentity["attributes"] = {
    tokenIdentifier: `${iss}|${sub}`,
    subject: sub,
    issuer: iss,
  };
  for (const [name, value] of Object.entries(payload)) {
    // As on Convex, a claim named like a fixed attribute shadows it: whoever signs tokens has to leave such claims out.
    if (!REGISTERED.has(name)) flatten(attributes, name, value);
  }
  return { attributes, expiresAt: exp * 1000, token };
}

/** Nested objects become dotted names; lists stay lists. */
function flatten(into: Record<string, unknown>, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    into[name] = value;
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(into, `${name}.${key}`, inner);
}
