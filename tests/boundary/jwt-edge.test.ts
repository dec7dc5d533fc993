// @vitest-environment edge-runtime
/** Every vector once more, in the runtime of edge servers and through the function that apps call. */
import { expect, test } from "vitest";
import { isGateError } from "../../js/errors/index.js";
import { verifyToken } from "../../js/jwt/index.js";
import { files, joined, setText } from "./jwt-vectors.js";

test("every token vector comes out as it does in Rust", () => {
  expect((globalThis as { EdgeRuntime?: string }).EdgeRuntime).toBeDefined();
  const counts = { accepted: 0, refused: 0 };
  for (const [file, vectors] of files) {
    for (const { name, token, keySet, policy, now, expect: expected } of vectors.tokens) {
      let actual: unknown;
      try {
        const jwks = setText(vectors, keySet);
        actual = { ...verifyToken(joined(token), { jwks, ...policy, now: now * 1000 }) };
        counts.accepted += 1;
      } catch (error) {
        actual = isGateError(error) ? error.code : error;
        counts.refused += 1;
      }
      expect([file, name, actual]).toEqual([file, name, expected.claims ?? expected.code]);
    }
  }
  expect(counts).toEqual({ accepted: 26, refused: 127 });
});
