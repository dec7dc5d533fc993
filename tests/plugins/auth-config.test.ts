import { readFileSync, readdirSync } from "node:fs";
import type { AuthConfig } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPublicJwks, getAuthConfigProvider, parseJwks } from "../../js/auth-config/index.js";
import { newKeySet } from "../../js/cli/keys.js";
import staticVectors from "../vectors/jwt/static.json" with { type: "json" };
import { SITE } from "./support/app.js";

/** As the vectors' README has it. */
const staticSets = staticVectors as {
  name: string;
  entries: unknown[];
  kids?: string[];
  member?: string;
}[];

function refused(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("it was taken");
}

afterEach(() => void vi.unstubAllGlobals());

/** An environment as Convex gives it to auth.config.ts: reading a variable that is not set throws. */
function stubConvexEnv(variables: Record<string, string>) {
  const env = new Proxy(variables, {
    get(target, name) {
      if (typeof name === "string" && name in target) return target[name];
      throw new Error(
        `Environment variable ${String(name)} is used in auth config file but its value was not set`,
      );
    },
  });
  vi.stubGlobal("process", { env });
}

describe("getAuthConfigProvider", () => {
  it("is plain data of this deployment, RS256 by default", () => {
    stubConvexEnv({ CONVEX_SITE_URL: SITE });
    const config = { providers: [getAuthConfigProvider()] } satisfies AuthConfig;
    expect(JSON.parse(JSON.stringify(config))).toEqual({
      providers: [
        {
          type: "customJwt",
          applicationID: "convex",
          issuer: SITE,
          jwks: `${SITE}/api/auth/convex/jwks`,
          algorithm: "RS256",
        },
      ],
    });
  });

  it("keeps to the base path and the algorithm", () => {
    stubConvexEnv({ CONVEX_SITE_URL: `${SITE}/` });
    for (const basePath of ["/auth/", "/auth", "auth"])
      expect(getAuthConfigProvider({ basePath, algorithm: "ES256" })).toMatchObject({
        issuer: SITE,
        jwks: `${SITE}/auth/convex/jwks`,
        algorithm: "ES256",
      });
    expect(getAuthConfigProvider({ basePath: "/" }).jwks).toBe(`${SITE}/convex/jwks`);
  });

  it("can be made without CONVEX_SITE_URL and names the variable when it is needed", () => {
    stubConvexEnv({});
    const provider = getAuthConfigProvider();
    expect(() => provider.issuer).toThrowError(
      expect.objectContaining({
        code: "ENV_MISSING",
        message: expect.stringContaining("CONVEX_SITE_URL"),
      }),
    );
    vi.stubGlobal("process", undefined);
    expect(() => JSON.stringify(provider)).toThrowError(
      expect.objectContaining({ code: "ENV_MISSING" }),
    );
  });

  it("puts static keys into a data: URI with their public members only", async () => {
    stubConvexEnv({ CONVEX_SITE_URL: SITE });
    const keys = [...(await newKeySet("RS256", 1)), ...(await newKeySet("ES256", 2))];
    for (const jwks of [keys, JSON.stringify(keys)]) {
      const { jwks: uri } = getAuthConfigProvider({ jwks });
      expect(uri).toMatch(/^data:application\/json,/);
      const set = JSON.parse(decodeURIComponent(uri.slice(uri.indexOf(",") + 1)));
      expect(set.keys.map((key: { kid: string }) => key.kid)).toEqual([keys[0]?.id]);
      expect(Object.keys(set.keys[0])).toEqual(["kid", "alg", "use", "kty", "n", "e"]);
    }
  });

  it("undefined keys mean not static yet; no key of the algorithm is an error", async () => {
    stubConvexEnv({ CONVEX_SITE_URL: SITE });
    expect(getAuthConfigProvider({ jwks: undefined }).jwks).toContain("/convex/jwks");
    const jwks = await newKeySet("ES256", 1);
    expect(() => getAuthConfigProvider({ jwks })).toThrowError(
      expect.objectContaining({
        code: "KEY_SET_INVALID",
        message: expect.stringContaining("--alg RS256"),
      }),
    );
  });

  it("a self-hosted backend fetches the keys where it does not wait for itself", async () => {
    stubConvexEnv({ CONVEX_SITE_URL: SITE, CONVEX_CLOUD_URL: "http://backend:3210/" });
    const provider = getAuthConfigProvider({ selfHosted: true, basePath: "/auth" });
    expect(provider).toMatchObject({
      issuer: SITE,
      jwks: "http://backend:3210/http/auth/convex/jwks",
    });
    const jwks = await newKeySet("RS256", 1);
    expect(getAuthConfigProvider({ selfHosted: true, jwks }).jwks).toMatch(/^data:/);
    stubConvexEnv({ CONVEX_SITE_URL: SITE });
    expect(() => provider.jwks).toThrowError(
      expect.objectContaining({ code: "ENV_MISSING", meta: { variable: "CONVEX_CLOUD_URL" } }),
    );
  });

  it.each([{ algorithm: "HS256" as never }, { basePath: "/a b" }])("refuses %j", (options) => {
    expect(() => getAuthConfigProvider(options)).toThrowError(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});

describe("key sets", () => {
  const n = "u".repeat(342);
  const rsa = JSON.stringify({ kty: "RSA", n, e: "AQAB" });
  const coordinate = "A".repeat(43);
  const ec = { kty: "EC", crv: "P-256", x: coordinate, y: coordinate };

  it("no private member comes out: in a public key it is refused, unquoted, and of others nothing is copied", () => {
    const publicKey = JSON.parse(rsa) as Record<string, unknown>;
    for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]) {
      const pair = [{ id: "k", publicKey: { ...publicKey, [member]: "secret" } }];
      const refusal = refused(() => createPublicJwks(pair));
      expect(refusal).toMatchObject({ meta: { member: `publicKey.${member}` } });
      expect(String(refusal)).not.toContain("secret");
    }
    const more = { id: "k", publicKey: { ...publicKey, other: "secret" }, privateKey: "secret" };
    expect(JSON.stringify(createPublicJwks([more]))).not.toContain("secret");
  });

  it.each(staticSets)("takes what `verifyToken` takes: $name", ({ entries, kids, member }) => {
    if (kids) {
      expect(parseJwks(JSON.stringify(entries)).map(({ id }) => id)).toEqual(kids);
    } else {
      const refusal = refused(() => parseJwks(JSON.stringify(entries)));
      expect(refusal).toMatchObject({
        code: "KEY_SET_INVALID",
        meta: { member: `publicKey.${member}` },
      });
    }
  });

  it.each([
    ["not JSON", "SECRET{", undefined],
    ["no array", "{}", undefined],
    ["no key", "[]", undefined],
    ["no object", "[1]", "entry"],
    ["no id", `[{"publicKey":{}}]`, "id"],
    ["no public key", `[{"id":"k"}]`, "publicKey"],
    ["a public key that is no JWK", `[{"id":"k","publicKey":"SECRET"}]`, "publicKey"],
    ["an unknown type", `[{"id":"k","publicKey":{"kty":"oct","k":"SECRET"}}]`, "publicKey.kty"],
    ["an algorithm of another type", `[{"id":"k","alg":"ES256","publicKey":${rsa}}]`, "alg"],
    ["no modulus", `[{"id":"k","publicKey":{"kty":"RSA","e":"AQAB"}}]`, "publicKey.n"],
    [
      "a short modulus",
      `[{"id":"k","publicKey":{"kty":"RSA","n":"AQAB","e":"AQAB"}}]`,
      "publicKey.n",
    ],
    ["padding", `[{"id":"k","publicKey":{"kty":"RSA","n":"${n}=","e":"AQAB"}}]`, "publicKey.n"],
    [
      "another curve",
      JSON.stringify([{ id: "k", publicKey: { ...ec, crv: "P-384" } }]),
      "publicKey.crv",
    ],
    [
      "a short coordinate",
      JSON.stringify([{ id: "k", publicKey: { ...ec, y: "AA" } }]),
      "publicKey.y",
    ],
    [
      "a date that is none",
      JSON.stringify([{ id: "k", publicKey: ec, createdAt: "soon" }]),
      "createdAt",
    ],
    [
      "an id used twice",
      JSON.stringify([
        { id: "k", publicKey: ec },
        { id: "k", publicKey: ec },
      ]),
      "id",
    ],
  ])("%s is refused by name, without quoting the text", (_name, text, member) => {
    let error: unknown;
    try {
      parseJwks(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: "KEY_SET_INVALID" });
    expect((error as { meta?: { member?: string } }).meta?.member).toBe(member);
    expect(String(error) + String((error as Error).cause)).not.toContain("SECRET");
  });

  it("the folder imports neither better-auth nor wasm", () => {
    const folder = new URL("../../js/auth-config/", import.meta.url);
    for (const file of readdirSync(folder)) {
      const imports = readFileSync(new URL(file, folder), "utf8").match(/from "([^"]+)"/g) ?? [];
      for (const each of imports) expect(each).toMatch(/from "(\.\/|\.\.\/errors\/)/);
    }
  });
});
