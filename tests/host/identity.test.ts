import { makeFunctionReference } from "convex/server";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixtureHost, Signer } from "./support/fixture-host.js";
import { createSigner, ISSUER, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;
let es256: Signer;
let rs256: Signer;
let keyServer: Server;
let remoteJwks: string;
let keyRequests = 0;
let keyType = "application/json";

beforeAll(async () => {
  [es256, rs256] = [await createSigner("ES256"), await createSigner("RS256", "remote-1")];
  keyServer = createServer((_request, response) => {
    keyRequests += 1;
    response.setHeader("content-type", keyType).setHeader("cache-control", "max-age=60");
    response.end(JSON.stringify(rs256.keySet));
  });
  await new Promise<void>((resolve) => keyServer.listen(0, "127.0.0.1", resolve));
  remoteJwks = `http://127.0.0.1:${String((keyServer.address() as AddressInfo).port)}/jwks`;
  host = await startFixture({ LOCAL_JWKS: es256.jwks, REMOTE_JWKS: remoteJwks });
});
afterAll(async () => {
  await host.close();
  keyServer.close();
});

const whoAmI = (token: string): Promise<unknown> =>
  host.http(token).query(makeFunctionReference<"query">("messages:whoAmI"), {});
const refusal = async (token: string): Promise<string> =>
  await whoAmI(token).then(
    () => "accepted",
    (error: unknown) => (error as Error).message,
  );
const nowS = (): number => Math.floor(Date.now() / 1000);

describe("attributes", () => {
  test("subject, issuer, token identifier and custom claims; registered claims are not shown", async () => {
    const token = await es256.sign({
      sub: "ada",
      name: "Ada",
      jti: "x",
      roles: ["a"],
      org: { id: 1, plan: { tier: "pro" } },
    });
    expect(await whoAmI(token)).toEqual({
      subject: "ada",
      issuer: ISSUER,
      tokenIdentifier: `${ISSUER}|ada`,
      name: "Ada",
      roles: ["a"],
      "org.id": 1,
      "org.plan.tier": "pro",
    });
  });

  test("OpenID names are not translated", async () => {
    expect(await whoAmI(await es256.sign({ email_verified: true }))).toMatchObject({
      email_verified: true,
    });
  });
});

test("keys of another content type are refused, for as long as their max-age says", async () => {
  // A host of its own: what is kept of a URL is kept.
  const other = await startFixture({ LOCAL_JWKS: es256.jwks, REMOTE_JWKS: remoteJwks });
  const token = await rs256.sign({ iss: other.siteUrl });
  const asked = async (): Promise<string> =>
    other
      .http(token)
      .query(makeFunctionReference<"query">("messages:whoAmI"), {})
      .then(
        () => "accepted",
        (error: unknown) => (error as Error).message,
      );
  keyType = "text/html";
  expect(await asked()).toMatch(/Invalid Content-Type 'text\/html' when fetching JWKS from /);
  keyType = "application/json";
  const before = keyRequests;
  expect(await asked()).toMatch(/Invalid Content-Type/);
  expect(keyRequests - before).toBe(0);
  await other.close();
});

describe("what is accepted", () => {
  test("an expiry, a start and an issue time up to five seconds off", async () => {
    expect(await refusal(await es256.sign({ exp: nowS() - 3 }))).toBe("accepted");
    expect(await refusal(await es256.sign({ nbf: nowS() + 3, iat: nowS() + 3 }))).toBe("accepted");
  });

  test("one audience of several, an issuer with a trailing slash", async () => {
    expect(await refusal(await es256.sign({ aud: ["other", "convex"], iss: `${ISSUER}/` }))).toBe(
      "accepted",
    );
  });

  test("keys behind a URL, fetched as often as their max-age asks", async () => {
    const token = await rs256.sign({ iss: host.siteUrl });
    keyType = "application/jwk-set+json; charset=utf-8";
    const before = keyRequests;
    expect([await refusal(token), await refusal(token)]).toEqual(["accepted", "accepted"]);
    expect(keyRequests - before).toBe(1);
  });
});

const KID =
  "Could not decode token. The JWT's 'kid' (key ID) header is 'key-1', does this key match any key in the provider's JWKS?";

describe("what is refused", () => {
  test.each([
    ["no token", () => "nonsense", "InvalidAuthHeader", /Could not parse JWT payload\./],
    [
      "another issuer",
      () => es256.sign({ iss: "https://else.example.com" }),
      "NoAuthProvider",
      /providers: \[CustomJWT\(issuer=https:\/\/local\.example\.com, app_id=convex\), CustomJWT\(issuer=.*app_id=none\)\]/,
    ],
    ["another audience", () => es256.sign({ aud: "else" }), "NoAuthProvider", /No auth provider/],
    [
      "an expired token",
      () => es256.sign({ exp: nowS() - 10 }),
      "InvalidAuthHeader",
      /Could not validate token: Token expired 1\d seconds ago/,
    ],
    [
      "one from the future",
      () => es256.sign({ iat: nowS() + 60 }),
      "InvalidAuthHeader",
      /Token will be valid in (60|59) seconds/,
    ],
    [
      "one that is not valid yet",
      () => es256.sign({ nbf: nowS() + 60 }),
      "InvalidAuthHeader",
      /Token will be valid in (60|59) seconds/,
    ],
    [
      "an unknown key id",
      () => es256.sign({}, { kid: "key-2" }),
      "InvalidAuthHeader",
      KID.replace("key-1", "key-2"),
    ],
    [
      "no subject",
      () => es256.sign({ sub: undefined as never }),
      "InvalidAuthHeader",
      /Could not verify token claim/,
    ],
    [
      "no expiry",
      () => es256.sign({ exp: undefined as never }),
      "InvalidAuthHeader",
      /Could not verify token claim/,
    ],
    [
      "a key of somebody else",
      async () => (await createSigner("ES256")).sign({}),
      "InvalidAuthHeader",
      KID,
    ],
    [
      "another algorithm than the provider's",
      async () => (await createSigner("RS256")).sign({}),
      "InvalidAuthHeader",
      KID,
    ],
  ])("%s", async (_name, make, code, message) => {
    const refused = JSON.parse(await refusal(await make())) as { code: string; message: string };
    expect(refused.code).toBe(code);
    expect(refused.message).toMatch(message);
  });

  test("a token without a key id", async () => {
    const [head = "", ...rest] = (await es256.sign({})).split(".");
    const header = JSON.parse(Buffer.from(head, "base64url").toString()) as Record<string, unknown>;
    delete header["kid"];
    const stripped = [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".");
    expect(await refusal(stripped)).toMatch(/kid/);
  });
});

describe("auth.config", () => {
  test("reading a variable that is not set makes the start fail, and names it", async () => {
    await expect(startFixture({})).rejects.toThrow(/LOCAL_JWKS/);
  });

  test("a change with which it throws is refused, and nothing changes", async () => {
    await expect(host.setEnv({ LOCAL_JWKS: undefined })).rejects.toThrow(/LOCAL_JWKS/);
    expect(await refusal(await es256.sign({}))).toBe("accepted");
    await host.setEnv({ APP_VARIABLE: "and it still evaluates" });
  });

  test("is evaluated again when variables change", async () => {
    const next = await createSigner("ES256", "key-9");
    await host.setEnv({ LOCAL_JWKS: next.jwks });
    expect(await refusal(await next.sign({}))).toBe("accepted");
    expect(await refusal(await es256.sign({}))).toMatch(/kid/);
  });
});
