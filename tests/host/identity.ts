/** `auth.config` and the verification of JWTs by its rules, as Convex applies them. */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import type { JSONWebKeySet, JWTPayload } from "jose";
import { createRuntimeContext } from "./context.js";
import type { ModuleSet } from "./modules.js";

/** A provider of `auth.config`, of the `customJwt` kind or of the OpenID kind. */
export interface AuthProvider {
  type?: "customJwt";
  issuer?: string;
  domain?: string;
  jwks?: string;
  algorithm?: "RS256" | "ES256";
  applicationID?: string;
}

/** A caller's identity: Convex's attributes and the token's own claims, and when it ends. */
export interface VerifiedIdentity {
  attributes: Record<string, unknown> & {
    tokenIdentifier: string;
    subject: string;
    issuer: string;
  };
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** A token that Convex refuses, with the text it would send. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}

const LEEWAY_S = 5;
const JWKS_TYPES = ["application/json", "application/jwk-set+json"];
const REGISTERED = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

/** Evaluates `auth.config.js` with the given variables; reading one that is unset throws, as on Convex. */
export async function readAuthConfig(
  modules: ModuleSet,
  env: (name: string) => string | undefined,
): Promise<AuthProvider[]> {
  if (!modules.has("auth.config.js")) return [];
  const runtime = createRuntimeContext({
    kind: "config",
    env,
    envUnsetThrows: true,
    callTime: 0,
    onClockRead: () => undefined,
    log: () => undefined,
  });
  const { namespace } = await modules.evaluate("auth.config.js", runtime.context);
  const config = JSON.parse(JSON.stringify(namespace["default"])) as { providers?: AuthProvider[] };
  if (!Array.isArray(config.providers)) throw new Error("auth.config: `providers` must be a list");
  config.providers.forEach(checkProvider);
  return config.providers;
}

/** Refuses what a push would refuse. */
function checkProvider(provider: AuthProvider): void {
  const custom = provider.type === "customJwt";
  const [wanted, other] = custom
    ? (["issuer", "domain"] as const)
    : (["domain", "issuer"] as const);
  if (typeof provider[wanted] !== "string" || provider[other] !== undefined) {
    throw new Error(
      `auth.config: a ${custom ? "customJwt" : "OpenID"} provider has \`${wanted}\` and no \`${other}\``,
    );
  }
  if (!custom && typeof provider.applicationID !== "string") {
    throw new Error("auth.config: an OpenID provider needs `applicationID`");
  }
  if (custom && typeof provider.jwks !== "string")
    throw new Error("auth.config: a customJwt provider needs `jwks`");
  if (custom && provider.algorithm !== "RS256" && provider.algorithm !== "ES256") {
    throw new Error("auth.config: `algorithm` must be RS256 or ES256");
  }
  const known = ["type", "issuer", "domain", "jwks", "algorithm", "applicationID"];
  const unknown = Object.keys(provider).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`auth.config: unknown key \`${unknown}\``);
}

/** Verifies tokens against the providers. Key sets are fetched as often as their `Cache-Control` asks for. */
export function createVerifier(
  providers: () => AuthProvider[],
): (token: string) => Promise<VerifiedIdentity> {
  const cache = new Map<string, { keys: JSONWebKeySet; staleAt: number }>();

  return async (token) => {
    const { payload: claims, kid } = unverified(token);
    const provider = providers().find((each) => accepts(each, claims));
    if (!provider) {
      throw new TokenRefused(
        `No auth provider found matching the given token. Check that your JWT's \`iss\` (${String(claims.iss)}) and \`aud\` claims match one of the providers in auth.config.`,
      );
    }
    if (kid === undefined)
      throw new TokenRefused("Could not decode token: missing `kid` in the header");
    if (provider.type !== "customJwt") {
      throw new TokenRefused("the local host verifies tokens of customJwt providers only");
    }
    const keys = await keySet(provider);
    const algorithm = provider.algorithm ?? "RS256";
    if (
      !keys.keys.some((key) => key.kid === kid && (key.alg === undefined || key.alg === algorithm))
    ) {
      throw new TokenRefused("Could not verify token: no key of the JWKS has its `kid`");
    }
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
        algorithms: [algorithm],
        clockTolerance: LEEWAY_S,
        requiredClaims: ["iss", "sub", "exp"],
      });
      if (payload.iat !== undefined && payload.iat > Date.now() / 1000 + LEEWAY_S)
        throw new Error("iat is in the future");
      return identityOf(payload);
    } catch (error) {
      throw new TokenRefused(
        `Could not verify token: ${error instanceof Error ? error.message : "unknown"}`,
      );
    }
  };

  async function keySet({ jwks = "" }: AuthProvider): Promise<JSONWebKeySet> {
    if (jwks.startsWith("data:")) return fromDataUri(jwks);
    const cached = cache.get(jwks);
    if (cached && cached.staleAt > Date.now()) return cached.keys;
    const response = await fetch(jwks).catch(() => null);
    const type = response?.headers.get("content-type")?.toLowerCase() ?? "";
    const [mime = "", ...parameters] = type.split(";").map((part) => part.trim());
    const isUtf8 = parameters.every((each) => /^charset="?utf-8"?$/.test(each));
    if (response?.status !== 200 || !JWKS_TYPES.includes(mime) || !isUtf8) {
      throw new TokenRefused(
        `Could not fetch JWKS: ${String(response?.status ?? "no answer")} ${type}`,
      );
    }
    const keys = parseKeySet(await response.text());
    const maxAge = /max-age=(\d+)/.exec(response.headers.get("cache-control") ?? "")?.[1];
    cache.set(jwks, { keys, staleAt: Date.now() + Number(maxAge ?? 0) * 1000 });
    return keys;
  }
}

function unverified(token: string): { payload: JWTPayload; kid: string | undefined } {
  try {
    return { payload: decodeJwt(token), kid: decodeProtectedHeader(token).kid };
  } catch {
    throw new TokenRefused("Could not parse token: not a JWT");
  }
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

function fromDataUri(uri: string): JSONWebKeySet {
  const comma = uri.indexOf(",");
  const body = uri.slice(comma + 1);
  const text = uri.slice(0, comma).endsWith(";base64")
    ? Buffer.from(body, "base64").toString("utf8")
    : decodeURIComponent(body);
  return parseKeySet(text);
}

/** The whole set has to be readable: one strange entry spoils it. */
function parseKeySet(text: string): JSONWebKeySet {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown }).keys;
  } catch {
    // Falls through to the refusal.
  }
  if (
    !Array.isArray(keys) ||
    !keys.every(
      ({ kty }: { kty?: unknown }) =>
        kty === "RSA" || kty === "EC" || kty === "OKP" || kty === "oct",
    )
  ) {
    throw new TokenRefused("Could not parse JWKS");
  }
  return { keys } as JSONWebKeySet;
}

function identityOf(payload: JWTPayload): VerifiedIdentity {
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
  return { attributes, expiresAt: exp * 1000 };
}

/** Nested objects become dotted names; lists stay lists. */
function flatten(into: Record<string, unknown>, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    into[name] = value;
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(into, `${name}.${key}`, inner);
}
