/**
 * Reduces the test vectors of Project Wycheproof to what RS256 and ES256 need of them:
 * `node tests/vectors/jwt/wycheproof/reduce.mjs <folder of testvectors_v1>`. The README beside this file says what is kept.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const from = process.argv[2];
if (!from) throw new Error("give the folder testvectors_v1 of a clone of C2SP/wycheproof");

const groupsOf = (name) =>
  JSON.parse(readFileSync(join(from, `${name}_test.json`), "utf8")).testGroups;
const base64url = (hex) => Buffer.from(hex, "hex").toString("base64url");

/** Whether a key, its algorithm left aside, is of a type that RS256 or ES256 has. */
const isOurs = ({ kty, alg }) =>
  (kty === "RSA" || kty === "EC") && (alg === undefined || ["RS256", "ES256"].includes(alg));

const jws = groupsOf("json_web_signature")
  .filter((group) => group.public && isOurs(group.public))
  .map((group) => tokens(group, { keys: [group.public] }));
const jwk = groupsOf("json_web_key")
  // The sets for HMAC and AES say nothing of keys that we take, and the ROCA fingerprint is not looked for.
  .filter((group) => (group.public ?? group.private).keys.some(({ kty }) => kty !== "oct"))
  .filter((group) => group.comment !== "jws_rsa_roca_key")
  .map((group) => tokens(group, group.public ?? group.private));
write("json-web.json", { jws, jwk });

write(
  "rsa-pkcs1-sha256.json",
  [2048, 3072, 4096].flatMap((bits) =>
    groupsOf(`rsa_signature_${bits}_sha256`).map((group) => ({
      bits: group.keySize,
      n: base64url(evenHex(group.publicKey.modulus)),
      e: base64url(evenHex(group.publicKey.publicExponent)),
      tests: group.tests.map(signature),
    })),
  ),
);
write(
  "ecdsa-p256-sha256-p1363.json",
  groupsOf("ecdsa_secp256r1_sha256_p1363").map((group) => ({
    point: base64url(group.publicKey.uncompressed),
    tests: group.tests.map(signature),
  })),
);

function tokens({ comment, tests }, keySet) {
  return {
    comment,
    keySet,
    tests: tests.map(({ tcId, comment: name, jws: token, result }) => [
      tcId,
      name,
      token,
      result === "valid",
    ]),
  };
}

/** What is "acceptable" counts as invalid: RFC 8017 has one encoding of the digest. */
function signature({ tcId, msg, sig, result }) {
  return [tcId, base64url(msg), base64url(sig), result === "valid"];
}

function evenHex(hex) {
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

function write(name, value) {
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(value)}\n`);
}
