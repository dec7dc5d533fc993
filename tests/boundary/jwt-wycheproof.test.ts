/** Project Wycheproof's tokens through the built wasm. Its bare signatures are checked by `cargo test -p gate-jwt`. */
import { expect, test } from "vitest";
import { GateError } from "../../js/errors/index.js";
import { verifyJwt } from "../../js/wasm/jwt.js";
import vectors from "../vectors/jwt/wycheproof/json-web.json" with { type: "json" };

const policy = {
  issuer: ["https://example.convex.site"],
  audience: ["convex"],
  algorithms: ["ES256", "RS256"],
  toleranceS: 0,
  nowS: 1_800_000_000,
} as const;

/**
 * Whether the signature holds. The vectors sign text that is no JSON, which is found out after the signature has been
 * checked and not before.
 */
function signatureHolds(token: string, keySet: string): boolean {
  try {
    verifyJwt(token, keySet, policy);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return (
      error.code === "JWT_MALFORMED" && error.message.includes("the payload is not valid JSON")
    );
  }
  throw new Error("a token without claims was taken");
}

test.each([
  ["json_web_signature", vectors.jws, [276, 10]],
  ["json_web_key", vectors.jwk, [11, 1]],
] as const)("%s", (_name, groups, counts) => {
  let [ran, held] = [0, 0];
  for (const { comment, keySet, tests } of groups) {
    for (const [id, name, token, holds] of tests) {
      const told = signatureHolds(String(token), JSON.stringify(keySet));
      expect(told, `${String(id)} ${comment}: ${String(name)}`).toBe(holds);
      ran += 1;
      held += Number(told);
    }
  }
  expect([ran, held]).toEqual(counts);
});
