import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixtureHost } from "./support/fixture-host.js";
import { createSigner, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;

beforeAll(async () => {
  const { jwks } = await createSigner("ES256");
  host = await startFixture({ LOCAL_JWKS: jwks, APP_VARIABLE: "app only" });
});
afterAll(() => host.close());

const inQuery = (name: string): Promise<unknown> =>
  host.http().query(makeFunctionReference<"query">("probes:inQuery"), { name });
const inMutation = (name: string): Promise<unknown> =>
  host.http().mutation(makeFunctionReference<"mutation">("probes:inMutation"), { name });
const inAction = (name: string): Promise<unknown> =>
  host.http().action(makeFunctionReference<"action">("probes:inAction"), { name });

const everywhere = [
  ["query", inQuery],
  ["mutation", inMutation],
  ["action", inAction],
] as const;
const transactional = everywhere.slice(0, 2);

describe.each(everywhere)("in a %s", (_kind, probe) => {
  test.each([
    ["globals", []],
    ["process", ["env"]],
    ["selfIsGlobal", true],
    ["unsetEnv", "undefined"],
    ["listEnv", []],
    ["inEnv", false],
    ["digest", [true, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]],
    ["base64", [true, "aGk=", "6869", "aGk="]],
    ["base64Url", ["-_8", "+/8=", "00ff", "SyntaxError", "SyntaxError"]],
    // A JWK is of another realm, on Convex too.
    ["foreignData", [false, true, true, true, true, true]],
    ["atobError", "InvalidCharacterError"],
    ["refusedAtImport", expect.stringMatching(/cannot be called while modules are imported/)],
    ["encoder", true],
    ["finalizers", "registered"],
    ["asyncStorage", "kept"],
    ["webAssembly", true],
    ["jsonOfResponse", true],
    ["signHmac", "32 bytes"],
    ["calls", 1],
    ["dateKeepsItsForms", ["string", "1970-01-01T00:00:00.000Z", 0, 0]],
    ["random", [true, true]],
  ])("%s gives %j", async (name, gives) => {
    expect(await probe(name)).toEqual({ gives });
  });

  test.each([
    ["eval", /code generation from strings/i],
    ["newFunction", /code generation from strings/i],
    ["importMeta", /import\.meta/],
    ["urlError", /^Invalid URL/],
  ])("%s throws %s", async (name, message) => {
    expect(await probe(name)).toEqual({ throws: expect.stringMatching(message) as unknown });
  });

  test("nothing survives a call", async () => {
    expect([await probe("calls"), await probe("calls")]).toEqual([{ gives: 1 }, { gives: 1 }]);
  });

  test("clock and randomness are constants while modules are imported", async () => {
    const first = await probe("atImport");
    expect(first).toEqual(await probe("atImport"));
    expect(first).toEqual(await inQuery("atImport"));
  });
});

describe.each(transactional)("a %s refuses what needs more than the database", (_kind, probe) => {
  test.each([
    ["fetch", /Can't use fetch\(\) in queries and mutations/],
    ["generateKey", /Can't use cryptographic randomness in queries and mutations/],
    ["signEcdsa", /Can't use cryptographic randomness in queries and mutations/],
    ["signPss", /Can't use cryptographic randomness in queries and mutations/],
    ["encryptOaep", /Can't use cryptographic randomness in queries and mutations/],
    // The key is looked at before the randomness.
    ["signPssWithEc", /.*/],
    ["dynamicImport", /dynamic/i],
  ])("%s", async (name, message) => {
    expect(await probe(name)).toEqual({ throws: expect.stringMatching(message) as unknown });
  });

  test.each([
    ["timer", "setTimeout"],
    ["interval", "setInterval"],
  ])("%s, and the error cannot be caught", async (name, what) => {
    await expect(probe(name)).rejects.toThrow(`Can't use ${what} in queries and mutations`);
  });

  test("its clock stands still", async () => {
    expect(await probe("clockStandsStill")).toEqual({ gives: true });
  });
});

test("a stopwatch stands still in queries only", async () => {
  expect([await inQuery("stopwatchAdvances"), await inMutation("stopwatchAdvances")]).toEqual([
    { gives: false },
    { gives: true },
  ]);
});

test("an action fetches by http and https only", async () => {
  expect(await inAction("fetchData")).toEqual({
    throws: "Unsupported URL scheme -- http and https are supported (scheme was data)",
  });
});

describe("an action may", () => {
  test.each([
    ["fetch", "two cookies"],
    ["timer", "fired"],
    ["interval", 3],
    ["generateKey", "public"],
    ["signEcdsa", "64 bytes"],
    ["dynamicImport", ["late"]],
    ["clockStandsStill", false],
  ])("%s", async (name, gives) => {
    expect(await inAction(name)).toEqual({ gives });
  });
});
