/** Verifying a JWT: Rust in wasm against `jose`, which uses the platform's own crypto. */
import { verifyToken } from "convex-gate/jwt";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import type { JSONWebKeySet } from "jose";

/** One algorithm's two ways to verify the same token. */
export interface Verification {
  name: string;
  ours(): Promise<unknown>;
  jose(): Promise<unknown>;
}

const issuer = "https://bench.convex.site";
const audience = "convex";
/** Verifications timed together: one is shorter than the clock can tell well. */
const AT_ONCE = 20;

/** The verifications that are measured. */
export function verifications(): Promise<Verification[]> {
  return Promise.all(["RS256", "ES256"].map((alg) => verification(alg)));
}

/** Milliseconds of one verification. */
export async function timeVerification(verify: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  for (let each = 0; each < AT_ONCE; each += 1) await verify();
  return (performance.now() - startedAt) / AT_ONCE;
}

async function verification(alg: string): Promise<Verification> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "bench", alg, use: "sig" };
  const jwks: JSONWebKeySet = { keys: [jwk] };
  const token = await new SignJWT({ sessionId: "a-session" })
    .setProtectedHeader({ alg, kid: "bench", typ: "JWT" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject("a-user")
    .setIssuedAt()
    .setExpirationTime("15m")
    .sign(privateKey);
  const keySet = createLocalJWKSet(jwks);
  const text = JSON.stringify(jwks);
  return {
    name: alg,
    ours: () => verifyToken(token, { jwks: text, issuer, audience }),
    jose: () => jwtVerify(token, keySet, { issuer, audience, algorithms: [alg] }),
  };
}
