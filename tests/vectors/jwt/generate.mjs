// Writes the vectors of this folder; README.md says what they mean. The expectations are written down here, not
// computed: this script makes tokens and never verifies one with the code under test.
import {
  createPrivateKey,
  createPublicKey,
  createHmac,
  generateKeyPairSync,
  sign,
} from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CompactSign, SignJWT, calculateJwkThumbprint, compactVerify, importJWK } from "jose";
import { rfcKeys, rfcTokens } from "./rfc-examples.mjs";

const here = (name) => new URL(name, import.meta.url);
const write = (name, value) => writeFileSync(here(name), `${JSON.stringify(value, null, 2)}\n`);
const b64 = (value) => Buffer.from(value).toString("base64url");
const text = (value) =>
  typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value);

// The keys are made once: everything else follows from them.
if (!existsSync(here("keys.json"))) {
  const rsa = (modulusLength) =>
    generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ format: "jwk" });
  const ec = (namedCurve) =>
    generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "jwk" });
  write("keys.json", {
    "rsa-a": rsa(2048),
    "rsa-b": rsa(2048),
    "rsa-4096": rsa(4096),
    "rsa-1024": rsa(1024),
    "ec-a": ec("P-256"),
    "ec-b": ec("P-256"),
    "ec-384": ec("P-384"),
  });
}
const keys = JSON.parse(readFileSync(here("keys.json"), "utf8"));
const publicOf = (kid) => {
  const { kty, crv, x, y, n, e } = keys[kid];
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, kid }));
};
const algOf = (kid) => (keys[kid].kty === "RSA" ? "RS256" : "ES256");

const earlier = new Map();
for (const file of ["accepted.json", "refused.json"]) {
  if (!existsSync(here(file))) continue;
  for (const { name, token } of JSON.parse(readFileSync(here(file), "utf8")).tokens)
    earlier.set(name, token);
}
const kept = (name, token) => {
  const before = earlier.get(name);
  const signed = (value) => value.slice(0, value.lastIndexOf("."));
  return typeof before === "string" && signed(before) === signed(token) ? before : token;
};

const now = 1_760_000_000;
const policy = {
  issuer: ["https://example.convex.site"],
  audience: ["convex"],
  algorithms: ["ES256", "RS256"],
  toleranceS: 5,
};
const base = {
  iss: policy.issuer[0],
  sub: "user-1",
  aud: "convex",
  iat: now - 60,
  exp: now + 840,
  sessionId: "s-1",
};
const without = (claim) =>
  Object.fromEntries(Object.entries(base).filter(([name]) => name !== claim));

/** A token made by jose in the ordinary way. */
const jose = async (kid, claims = base, header = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: algOf(kid), kid, typ: "JWT", ...header })
    .sign(await importJWK(keys[kid], algOf(kid)));

/** A signature over any header and payload text: what jose refuses to make. */
const by = (kid, header, payload = base, encoding = "ieee-p1363") => {
  const input = `${b64(text(header))}.${b64(text(payload))}`;
  const key = { key: createPrivateKey({ key: keys[kid], format: "jwk" }), dsaEncoding: encoding };
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
};
const withSignature = (token, bytes) => `${token.slice(0, token.lastIndexOf("."))}.${b64(bytes)}`;
const signatureOf = (token) => Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");

const order = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const number = (bytes) => BigInt(`0x${bytes.toString("hex")}`);
const bytes32 = (value) => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const withS = (token, change) => {
  const raw = signatureOf(token);
  return withSignature(
    token,
    Buffer.concat([raw.subarray(0, 32), bytes32(change(number(raw.subarray(32))))]),
  );
};
const highS = (token) => withS(token, (s) => (s > order / 2n ? s : order - s));
const lowS = (token) => withS(token, (s) => (s > order / 2n ? order - s : s));

const keySets = {
  both: { keys: [publicOf("rsa-a"), publicOf("ec-a")] },
  several: { keys: ["rsa-a", "rsa-b", "rsa-4096", "ec-a", "ec-b"].map(publicOf) },
  "rsa-a": { keys: [publicOf("rsa-a")] },
  "ec-a": { keys: [publicOf("ec-a")] },
  nameless: { keys: [{ ...publicOf("rsa-a"), kid: undefined }] },
  "unknown types": {
    keys: [
      { kty: "OKP", crv: "Ed25519", x: rfcKeys.ed25519.x, kid: "ed" },
      { kty: "AKP", alg: "ML-DSA-44", pub: "AAAA", kid: "pq" },
      { ...publicOf("ec-384") },
      { kty: "whatever", kid: "w" },
      publicOf("ec-a"),
    ],
  },
  static: [
    {
      id: "rsa-a",
      alg: "RS256",
      publicKey: JSON.stringify(publicOf("rsa-a")),
      privateKey: '"00ff"',
      createdAt: 1,
    },
    { id: "ec-a", publicKey: publicOf("ec-a"), privateKey: '"00ff"' },
  ],
  empty: { keys: [] },
  "rsa-1024": { keys: [publicOf("rsa-1024")] },
  private: { keys: [publicOf("ec-a"), { ...keys["rsa-a"], kid: "rsa-a" }] },
  "off the curve": { keys: [{ ...publicOf("ec-a"), y: publicOf("ec-b").y }] },
  "twice the same": { keys: [publicOf("ec-a"), publicOf("ec-a")] },
  "duplicate members": `{"keys":[{"kty":"RSA","kty":"EC"}]}`,
  "private in an entry": [{ id: "ec-a", publicKey: { ...keys["ec-a"] } }],
};

const entry =
  (expect) =>
  (name, token, keySet = "both", changes = {}) => ({
    name,
    token: typeof token === "string" ? kept(name, token) : token,
    keySet,
    policy: { ...policy, ...changes.policy },
    now: changes.now ?? now,
    expect: expect(changes),
  });
const holds = (claims) => entry(() => ({ claims }));
const fails = (code, meta) => entry(() => (meta === undefined ? { code } : { code, meta }));

// --- accepted ---------------------------------------------------------------------------------------------------
const rich = {
  ...base,
  name: "Zoë \u{1F511}",
  roles: ["a", "b"],
  organization: { id: "o", limits: { seats: 3, ratio: 0.5 } },
  verified: true,
  nothing: null,
  large: 9007199254740991,
};
const accepted = [
  holds(base)("RS256", await jose("rsa-a")),
  holds(base)("ES256", await jose("ec-a")),
  holds(base)("RS256, 4096 bits", await jose("rsa-4096"), "several"),
  holds(base)("one of several keys, by name", await jose("rsa-b"), "several"),
  holds(base)("no kid, one key in the set", await jose("rsa-a", base, { kid: undefined }), "rsa-a"),
  holds(base)("no kid, one key of the algorithm", await jose("ec-a", base, { kid: undefined })),
  holds(base)(
    "no kid, a key without one",
    await jose("rsa-a", base, { kid: undefined }),
    "nameless",
  ),
  holds(base)("no typ", await jose("rsa-a", base, { typ: undefined })),
  holds(base)("typ in lower case", await jose("rsa-a", base, { typ: "jwt" })),
  holds(base)("typ as a media type", await jose("rsa-a", base, { typ: "application/jwt" })),
  holds(base)(
    "a key in the header is ignored",
    by("ec-a", { alg: "ES256", kid: "ec-a", jwk: publicOf("ec-b") }),
  ),
  holds(rich)("claims of every kind", await jose("ec-a", rich)),
  holds({ ...base, aud: ["other", "convex"] })(
    "several audiences",
    await jose("ec-a", { ...base, aud: ["other", "convex"] }),
  ),
  holds(base)("several accepted issuers", await jose("ec-a"), "both", {
    policy: { issuer: ["https://other", ...policy.issuer] },
  }),
  holds(base)("unknown key types are skipped", await jose("ec-a"), "unknown types"),
  holds(base)("static key entry, key as text", await jose("rsa-a"), "static"),
  holds(base)("static key entry, key as object", await jose("ec-a"), "static"),
  holds(base)("only the algorithm asked for", await jose("ec-a"), "both", {
    policy: { algorithms: ["ES256"] },
  }),
  holds(base)("one second before expiry", await jose("rsa-a"), "both", {
    now: base.exp - 1,
    policy: { toleranceS: 0 },
  }),
  holds(base)("expired within the tolerance", await jose("rsa-a"), "both", { now: base.exp + 4 }),
  holds({ ...base, nbf: now + 5 })(
    "nbf within the tolerance",
    await jose("rsa-a", { ...base, nbf: now + 5 }),
  ),
  holds({ ...base, iat: now + 5 })(
    "iat within the tolerance",
    await jose("rsa-a", { ...base, iat: now + 5 }),
  ),
  holds({ ...base, exp: now + 0.5 })(
    "a fraction of a second left",
    await jose("rsa-a", { ...base, exp: now + 0.5 }),
    "both",
    {
      policy: { toleranceS: 0 },
    },
  ),
  holds(without("iat"))("no iat", await jose("rsa-a", without("iat"))),
  holds(base)("ECDSA with a high s", highS(await jose("ec-a"))),
  holds(base)("ECDSA with a low s", lowS(await jose("ec-a"))),
];

// --- refused ----------------------------------------------------------------------------------------------------
const rs = await jose("rsa-a");
const es = await jose("ec-a");
const [rsHeader, rsPayload, rsSignature] = rs.split(".");
const head = { alg: "RS256", kid: "rsa-a", typ: "JWT" };
const hmac = (secret) => {
  const input = `${b64(text({ alg: "HS256", kid: "rsa-a", typ: "JWT" }))}.${rsPayload}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
};
const spki = createPublicKey({ key: publicOf("rsa-a"), format: "jwk" });
const malformed = fails("JWT_MALFORMED");
const forged = fails("JWT_SIGNATURE_INVALID");
const unsupported = fails("JWT_UNSUPPORTED_ALGORITHM", { allowed: ["ES256", "RS256"] });
const noKey = fails("JWT_KEY_NOT_FOUND");
const claim = (name) => fails("JWT_CLAIM_INVALID", { claim: name });
const early = (name) => fails("JWT_NOT_YET_VALID", { claim: name });
const expired = fails("JWT_EXPIRED", { claim: "exp" });
const wrongAudience = fails("JWT_AUDIENCE_MISMATCH", { claim: "aud", expected: policy.audience });
const wrongIssuer = fails("JWT_ISSUER_MISMATCH", { claim: "iss", expected: policy.issuer });
const keySet = (meta) => fails("KEY_SET_INVALID", meta);
const raw = signatureOf(es);
const zero = Buffer.alloc(32);
const deep = (levels) =>
  `${text(base).slice(0, -1)},"deep":${"[".repeat(levels)}${"]".repeat(levels)}}`;

const refused = [
  // Algorithms.
  unsupported("alg none with an empty signature", `${b64(text({ alg: "none" }))}.${rsPayload}.`),
  unsupported(
    "alg none with a signature",
    `${b64(text({ alg: "none", kid: "rsa-a" }))}.${rsPayload}.${rsSignature}`,
  ),
  unsupported("alg None", `${b64(text({ alg: "None", kid: "rsa-a" }))}.${rsPayload}.`),
  unsupported("alg in lower case", by("rsa-a", { ...head, alg: "rs256" })),
  unsupported(
    "HS256 with the public key's PEM as secret",
    hmac(spki.export({ type: "spki", format: "pem" })),
  ),
  unsupported(
    "HS256 with the public key's DER as secret",
    hmac(spki.export({ type: "spki", format: "der" })),
  ),
  unsupported(
    "HS256 with the modulus as secret",
    hmac(Buffer.from(publicOf("rsa-a").n, "base64url")),
  ),
  unsupported("HS256 with the JWK's text as secret", hmac(text(publicOf("rsa-a")))),
  unsupported("RS512 header", by("rsa-a", { ...head, alg: "RS512" })),
  unsupported("PS256 header", by("rsa-a", { ...head, alg: "PS256" })),
  fails("JWT_UNSUPPORTED_ALGORITHM", { allowed: ["ES256"] })(
    "RS256 where only ES256 is allowed",
    rs,
    "both",
    {
      policy: { algorithms: ["ES256"] },
    },
  ),
  // Choice of the key.
  forged(
    "kid of another key of the same algorithm",
    by("rsa-a", { ...head, kid: "rsa-b" }),
    "several",
  ),
  noKey("kid of a key of another algorithm", by("rsa-a", { ...head, kid: "ec-a" })),
  noKey("ES256 header for an RSA key", by("rsa-a", { ...head, alg: "ES256" })),
  noKey("kid that is not in the set", by("rsa-a", { ...head, kid: "gone" })),
  noKey("kid differs in case", by("rsa-a", { ...head, kid: "RSA-A" })),
  noKey("kid for a key without one", rs, "nameless"),
  noKey("no kid and several keys", await jose("rsa-a", base, { kid: undefined }), "several"),
  noKey("no usable key", rs, "empty"),
  forged(
    "a key in the header is not used",
    by("ec-b", { alg: "ES256", kid: "ec-a", jwk: publicOf("ec-b") }),
  ),
  // Signatures.
  forged(
    "RSA signature of another payload",
    `${rsHeader}.${b64(text({ ...base, sub: "user-2" }))}.${rsSignature}`,
  ),
  forged("empty RSA signature", `${rsHeader}.${rsPayload}.`),
  forged("RSA signature short of a byte", withSignature(rs, signatureOf(rs).subarray(0, -1))),
  forged(
    "RSA signature with a byte more",
    withSignature(rs, Buffer.concat([signatureOf(rs), Buffer.alloc(1)])),
  ),
  forged(
    "RSA signature with a zero byte before",
    withSignature(rs, Buffer.concat([Buffer.alloc(1), signatureOf(rs)])),
  ),
  forged("RSA signature of zero", withSignature(rs, Buffer.alloc(256))),
  forged(
    "RSA signature of one",
    withSignature(rs, Buffer.concat([Buffer.alloc(255), Buffer.from([1])])),
  ),
  forged("RSA signature above the modulus", withSignature(rs, Buffer.alloc(256, 255))),
  forged(
    "ECDSA signature of another payload",
    withSignature(by("ec-a", { alg: "ES256", kid: "ec-a" }), raw),
  ),
  forged("empty ECDSA signature", withSignature(es, "")),
  forged("ECDSA signature short of a byte", withSignature(es, raw.subarray(0, -1))),
  forged(
    "ECDSA signature with a byte more",
    withSignature(es, Buffer.concat([raw, Buffer.alloc(1)])),
  ),
  forged(
    "ECDSA signature in DER",
    by("ec-a", { alg: "ES256", kid: "ec-a", typ: "JWT" }, base, "der"),
  ),
  forged("ECDSA with r and s of zero", withSignature(es, Buffer.alloc(64))),
  forged("ECDSA with r of zero", withSignature(es, Buffer.concat([zero, raw.subarray(32)]))),
  forged("ECDSA with s of zero", withSignature(es, Buffer.concat([raw.subarray(0, 32), zero]))),
  forged(
    "ECDSA with r of the order",
    withSignature(es, Buffer.concat([bytes32(order), raw.subarray(32)])),
  ),
  forged(
    "ECDSA with s of the order",
    withSignature(es, Buffer.concat([raw.subarray(0, 32), bytes32(order)])),
  ),
  forged(
    "ECDSA with r and s swapped",
    withSignature(es, Buffer.concat([raw.subarray(32), raw.subarray(0, 32)])),
  ),
  // Form.
  malformed("nothing", ""),
  malformed("one part", rsHeader),
  malformed("two parts", `${rsHeader}.${rsPayload}`),
  malformed("four parts", `${rs}.${rsSignature}`),
  malformed("a dot at the end", `${rs}.`),
  malformed("white space around", ` ${rs}`),
  malformed("a new line inside", `${rsHeader}.${rsPayload}\n.${rsSignature}`),
  malformed("padded header", `${rsHeader}=.${rsPayload}.${rsSignature}`),
  malformed("padded signature", `${rs}==`),
  malformed(
    "signature in the other base64 alphabet",
    `${rsHeader}.${rsPayload}.${"+/".repeat(171)}`,
  ),
  malformed("spare bits of the signature set", `${rs.slice(0, -1)}${nextSpelling(rs.at(-1))}`),
  malformed("a signature that no bytes have", `${rsHeader}.${rsPayload}.A`),
  malformed("a token of one megabyte", [
    `${rsHeader}.`,
    { repeat: "QUFB", times: 262144 },
    `.${rsSignature}`,
  ]),
  malformed("one megabyte of nothing", [{ repeat: "A", times: 1048576 }]),
  malformed("one megabyte of dots", [{ repeat: ".", times: 1048576 }]),
  // Header.
  malformed("header is no JSON", by("rsa-a", "{alg:RS256}")),
  malformed("header is an array", by("rsa-a", ["RS256"])),
  malformed("header with something after it", by("rsa-a", `${text(head)}{}`)),
  malformed("header with a byte order mark", by("rsa-a", `\ufeff${text(head)}`)),
  malformed("header names alg twice", by("rsa-a", `{"alg":"RS256","alg":"RS256","kid":"rsa-a"}`)),
  malformed(
    "header names alg twice, once escaped",
    by("rsa-a", `{"alg":"RS256","\\u0061lg":"none","kid":"rsa-a"}`),
  ),
  malformed("header names kid twice", by("rsa-a", `{"alg":"RS256","kid":"rsa-b","kid":"rsa-a"}`)),
  malformed(
    "header nested deeply",
    by("rsa-a", `{"alg":"RS256","kid":"rsa-a","x":${"[".repeat(40)}${"]".repeat(40)}}`),
  ),
  malformed("no alg", by("rsa-a", { kid: "rsa-a" })),
  malformed("alg is a number", by("rsa-a", { ...head, alg: 256 })),
  malformed("kid is a number", by("rsa-a", { ...head, kid: 1 })),
  malformed("kid is empty", by("rsa-a", { ...head, kid: "" })),
  malformed(
    "typ of another kind of token",
    by("rsa-a", { ...head, typ: "better-auth.session-cache+jwt" }),
  ),
  malformed("typ at+jwt", by("rsa-a", { ...head, typ: "at+jwt" })),
  malformed("crit with a known member", by("rsa-a", { ...head, crit: ["exp"], exp: now + 1 })),
  malformed("crit that is empty", by("rsa-a", { ...head, crit: [] })),
  malformed("unencoded payload", by("rsa-a", { ...head, b64: false, crit: ["b64"] })),
  malformed("b64 without crit", by("rsa-a", { ...head, b64: true })),
  // Payload.
  malformed("payload is text", by("rsa-a", head, "hello")),
  malformed("payload is an array", by("rsa-a", head, [base])),
  malformed("payload is a string", by("rsa-a", head, `"claims"`)),
  malformed("payload is null", by("rsa-a", head, "null")),
  malformed("payload is empty", by("rsa-a", head, "")),
  malformed(
    "payload is no UTF-8",
    by("rsa-a", head, Buffer.from(text(base).replace("user-1", "\xff"), "latin1")),
  ),
  malformed("payload names sub twice", by("rsa-a", head, `{"sub":"user-2",${text(base).slice(1)}`)),
  malformed(
    "payload names a nested member twice",
    by("rsa-a", head, `{"x":[{"a":1,"a":2}],${text(base).slice(1)}`),
  ),
  malformed(
    "payload sets a prototype",
    by("rsa-a", head, `{"__proto__":{"admin":true},${text(base).slice(1)}`),
  ),
  malformed("payload nested deeply", by("rsa-a", head, deep(40))),
  malformed("payload nested very deeply", by("rsa-a", head, deep(4000))),
  // Claims.
  wrongIssuer("wrong iss", await jose("rsa-a", { ...base, iss: "https://evil.example" })),
  wrongIssuer("iss with a slash more", await jose("rsa-a", { ...base, iss: `${base.iss}/` })),
  claim("iss")("no iss", await jose("rsa-a", without("iss"))),
  claim("iss")("iss is a list", by("rsa-a", head, { ...base, iss: [base.iss] })),
  claim("sub")("no sub", await jose("rsa-a", without("sub"))),
  claim("sub")("sub is empty", await jose("rsa-a", { ...base, sub: "" })),
  claim("sub")("sub is a number", by("rsa-a", head, { ...base, sub: 1 })),
  wrongAudience("wrong aud", await jose("rsa-a", { ...base, aud: "better-auth:session-cache" })),
  wrongAudience("no aud of several", await jose("rsa-a", { ...base, aud: ["a", "b"] })),
  wrongAudience("aud is an empty list", await jose("rsa-a", { ...base, aud: [] })),
  claim("aud")("no aud", await jose("rsa-a", without("aud"))),
  claim("aud")("aud is a number", by("rsa-a", head, { ...base, aud: 1 })),
  claim("aud")("aud is a list with a number", by("rsa-a", head, { ...base, aud: ["convex", 1] })),
  expired("expired outside the tolerance", rs, "both", { now: base.exp + 6 }),
  expired("expired at the edge of the tolerance", rs, "both", { now: base.exp + 5 }),
  expired("expired this second", rs, "both", { now: base.exp, policy: { toleranceS: 0 } }),
  expired("exp of zero", await jose("rsa-a", { ...base, exp: 0 })),
  claim("exp")("no exp", await jose("rsa-a", without("exp"))),
  claim("exp")("exp is text", by("rsa-a", head, { ...base, exp: String(base.exp) })),
  claim("exp")("exp is null", by("rsa-a", head, { ...base, exp: null })),
  malformed("exp is infinite", by("rsa-a", head, text(base).replace(/"exp":\d+/, '"exp":1e999'))),
  early("nbf")("nbf in the future", await jose("rsa-a", { ...base, nbf: now + 6 })),
  early("iat")("iat in the future", await jose("rsa-a", { ...base, iat: now + 6 })),
  claim("iat")("iat is text", by("rsa-a", head, { ...base, iat: "now" })),
  claim("nbf")("nbf is text", by("rsa-a", head, { ...base, nbf: "now" })),
  // Order: the signature before any claim, iss before all others.
  forged(
    "a forged signature is reported before the expiry",
    withSignature(rs, Buffer.alloc(256)),
    "both",
    { now: base.exp + 9 },
  ),
  wrongIssuer(
    "iss is reported before the expiry",
    by("rsa-a", head, { iss: "x", sub: 1, aud: 1, exp: 0 }),
  ),
  // Key sets.
  keySet({ index: 0, kid: "rsa-1024", member: "n" })(
    "RSA key of 1024 bits",
    await weak(),
    "rsa-1024",
  ),
  keySet({ index: 1, kid: "rsa-a", member: "d" })("private member in a public set", es, "private"),
  keySet({ index: 0, kid: "ec-a", member: "d" })(
    "private member in a static entry's public key",
    es,
    "private in an entry",
  ),
  keySet({ index: 0, kid: "ec-a", member: "y" })("a point off the curve", es, "off the curve"),
  keySet({ index: 1, kid: "ec-a" })("two keys of one name", es, "twice the same"),
  keySet({})("duplicate members in the key set", es, "duplicate members"),
];

function nextSpelling(character) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(character) + 1];
}
async function weak() {
  return by("rsa-1024", { alg: "RS256", kid: "rsa-1024" });
}

// --- RFC examples -----------------------------------------------------------------------------------------------
// Their texts are right when other implementations and the RFCs' own thumbprint agree.
await compactVerify(rfcTokens.rs256, await importJWK(rfcKeys.rsa, "RS256"));
await compactVerify(rfcTokens.es256, await importJWK(rfcKeys.ec, "ES256"));
await compactVerify(rfcTokens.eddsa, await importJWK(rfcKeys.ed25519, "EdDSA"));
const thumbprint = await calculateJwkThumbprint(rfcKeys.publicSet.keys[1]);
if (thumbprint !== "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
  throw new Error("RFC 7638 section 3.1 disagrees");
await new CompactSign(Buffer.from("x"))
  .setProtectedHeader({ alg: "ES256" })
  .sign(await importJWK(rfcKeys.privateEc, "ES256"));

const rfcPolicy = { policy: { issuer: ["joe"], audience: ["nobody"] }, now: 1300819379 };
const rfc = {
  keySets: {
    "7515 A.2": { keys: [rfcKeys.rsa] },
    "7515 A.3": { keys: [rfcKeys.ec] },
    "7517 A.1": rfcKeys.publicSet,
    "7517 A.2": { keys: [rfcKeys.privateEc] },
    "7517 A.3": rfcKeys.symmetricSet,
    "7518 C": rfcKeys.agreementSet,
    "8037 A.2": { keys: [rfcKeys.ed25519] },
  },
  tokens: [
    // The examples have no sub: that this is what is missed proves that the signature held.
    claim("sub")("RFC 7515 A.2, RS256", rfcTokens.rs256, "7515 A.2", rfcPolicy),
    claim("sub")("RFC 7515 A.3, ES256", rfcTokens.es256, "7515 A.3", rfcPolicy),
    forged(
      "RFC 7515 A.2 with a bit changed",
      `${rfcTokens.rs256.slice(0, -2)}Qw`,
      "7515 A.2",
      rfcPolicy,
    ),
    forged(
      "RFC 7515 A.3 with a bit changed",
      `${rfcTokens.es256.slice(0, -2)}0Q`,
      "7515 A.3",
      rfcPolicy,
    ),
    forged("RFC 7515 A.2 with another RSA key", rfcTokens.rs256, "7517 A.1", rfcPolicy),
    noKey("RFC 7515 A.2 with the key of A.3", rfcTokens.rs256, "7515 A.3", rfcPolicy),
    unsupported("RFC 7515 A.1 and RFC 7519 3.1, HS256", rfcTokens.hs256, "7515 A.2", rfcPolicy),
    unsupported("RFC 7515 A.4, ES512", rfcTokens.es512, "7515 A.3", rfcPolicy),
    unsupported("RFC 7515 A.5 and RFC 7519 6.1, unsecured", rfcTokens.none, "7515 A.2", rfcPolicy),
    malformed("RFC 7519 A.1, encrypted", rfcTokens.jwe, "7515 A.2", rfcPolicy),
    unsupported("RFC 8037 A.4, EdDSA", rfcTokens.eddsa, "8037 A.2", rfcPolicy),
  ],
  sets: [
    {
      name: "RFC 7517 A.1: the key for encryption is skipped",
      keySet: "7517 A.1",
      allowPrivate: false,
      expect: { kids: ["2011-04-29"] },
    },
    {
      name: "RFC 7517 A.2 is private",
      keySet: "7517 A.2",
      allowPrivate: false,
      expect: { code: "KEY_SET_INVALID", meta: { index: 0, kid: "1", member: "d" } },
    },
    {
      name: "RFC 7517 A.3 is symmetric",
      keySet: "7517 A.3",
      allowPrivate: false,
      expect: { code: "KEY_SET_INVALID", meta: { index: 0, member: "k" } },
    },
    {
      name: "RFC 7517 A.3, private allowed: nothing usable",
      keySet: "7517 A.3",
      allowPrivate: true,
      expect: { kids: [] },
    },
    {
      name: "RFC 7518 C is private",
      keySet: "7518 C",
      allowPrivate: false,
      expect: { code: "KEY_SET_INVALID", meta: { index: 0, member: "d" } },
    },
    {
      name: "RFC 7518 C, private allowed: two points of the curve",
      keySet: "7518 C",
      allowPrivate: true,
      expect: { kids: [null, null] },
    },
    {
      name: "RFC 8037 A.2: another type is skipped",
      keySet: "8037 A.2",
      allowPrivate: false,
      expect: { kids: [] },
    },
  ],
};

write("rfc.json", rfc);
write("accepted.json", {
  keySets,
  tokens: accepted,
  sets: [
    {
      name: "several",
      keySet: "several",
      allowPrivate: false,
      expect: { kids: ["rsa-a", "rsa-b", "rsa-4096", "ec-a", "ec-b"] },
    },
    {
      name: "unknown types",
      keySet: "unknown types",
      allowPrivate: false,
      expect: { kids: ["ec-a"] },
    },
    {
      name: "private members dropped",
      keySet: "private",
      allowPrivate: true,
      expect: { kids: ["ec-a", "rsa-a"] },
    },
    {
      name: "static entries",
      keySet: "static",
      allowPrivate: true,
      expect: { kids: ["rsa-a", "ec-a"] },
    },
    {
      name: "a key without a name",
      keySet: "nameless",
      allowPrivate: false,
      expect: { kids: [null] },
    },
  ],
});
write("refused.json", {
  keySets,
  tokens: refused,
  sets: [
    {
      name: "static entries as a public set",
      keySet: "static",
      allowPrivate: false,
      expect: { code: "KEY_SET_INVALID", meta: { index: 0, kid: "rsa-a", member: "privateKey" } },
    },
    {
      name: "private members",
      keySet: "private",
      allowPrivate: false,
      expect: { code: "KEY_SET_INVALID", meta: { index: 1, kid: "rsa-a", member: "d" } },
    },
    {
      name: "a weak key",
      keySet: "rsa-1024",
      allowPrivate: true,
      expect: { code: "KEY_SET_INVALID", meta: { index: 0, kid: "rsa-1024", member: "n" } },
    },
  ],
});

// --- static key sets ---------------------------------------------------------------------------------------------
// What a deployment takes and what `verifyToken` takes must be the same.
const entryOf = (kid, changes = {}, ofPublic = {}) => {
  const { kid: id, ...jwk } = publicOf(kid);
  return [{ id, ...changes, publicKey: JSON.stringify({ ...jwk, ...ofPublic }) }];
};
const zeroFirst = (value) => b64(Buffer.concat([Buffer.alloc(1), Buffer.from(value, "base64url")]));
const nulls = { alg: null, crv: null, expiresAt: null, createdAt: null };
const taken = [
  ["with what every row may lack as null", entryOf("ec-a", { ...nulls, privateKey: null })],
  ["null in the public part", entryOf("rsa-a", {}, { alg: null, use: null, key_ops: null, kid: null })],
  ["with a purpose", entryOf("ec-a", { alg: "ES256" }, { use: "sig", key_ops: ["verify"] })],
];
const notTaken = [
  ["a modulus that begins with a zero byte", "n", entryOf("rsa-a", {}, { n: zeroFirst(keys["rsa-a"].n) })],
  ["an exponent that begins with a zero byte", "e", entryOf("rsa-a", {}, { e: zeroFirst(keys["rsa-a"].e) })],
  ["for encryption", "use", entryOf("ec-a", {}, { use: "enc" })],
  ["for signing only", "key_ops", entryOf("ec-a", {}, { key_ops: ["sign"] })],
  ["operations that are no list", "key_ops", entryOf("ec-a", {}, { key_ops: "verify" })],
  ["a pair of keys", "d", entryOf("ec-a", {}, { d: keys["ec-a"].d })],
];
write("static.json", [
  ...taken.map(([name, entries]) => ({ name, entries, kids: entries.map(({ id }) => id) })),
  ...notTaken.map(([name, member, entries]) => ({ name, entries, member })),
]);
console.log(
  `${rfc.tokens.length + accepted.length + refused.length} token vectors, ${rfc.sets.length + 8} set vectors`,
);
