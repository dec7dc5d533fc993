/** Keys that were made COSE keys, read by the library with which Better Auth verifies passkeys. */
import { generateKeyPairSync } from "node:crypto";
import { decodeCredentialPublicKey } from "@simplewebauthn/server/helpers";
import { expect, it } from "vitest";
import { coseOfPoint, coseOfRsa } from "../../../js/cli/import/cose.js";

it("a point of P-256 is a key for ES256", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const [left, right] = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
  const cose = coseOfPoint(Buffer.concat([Uint8Array.of(4), left, right]));
  const read = decodeCredentialPublicKey(Uint8Array.from(cose ?? []));
  expect([1, 3, -1].map((label) => read.get(label as never))).toEqual([2, -7, 1]);
  expect([-2, -3].map((label) => Buffer.from(read.get(label as never) as never))).toEqual([
    left,
    right,
  ]);
});

it.each([1024, 2048])("an RSA key of %i bits is a key for RS256", (modulusLength) => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const cose = coseOfRsa(publicKey.export({ format: "der", type: "pkcs1" }));
  const read = decodeCredentialPublicKey(Uint8Array.from(cose ?? []));
  expect([1, 3].map((label) => read.get(label as never))).toEqual([3, -257]);
  expect([-1, -2].map((label) => Buffer.from(read.get(label as never) as never))).toEqual([
    Buffer.from(n, "base64url"),
    Buffer.from(e, "base64url"),
  ]);
});

it("anything else is none", () => {
  expect(coseOfPoint(new Uint8Array(65))).toBeUndefined();
  expect(coseOfPoint(Uint8Array.of(4, 1, 2))).toBeUndefined();
  expect(coseOfRsa(Uint8Array.of(48, 1))).toBeUndefined();
});
