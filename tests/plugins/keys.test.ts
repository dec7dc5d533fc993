import { createLocalJWKSet, jwtVerify } from "jose";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { JwksDoc } from "../../js/auth-config/index.js";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { keySetText, newKeySet, rotatedKeySet } from "../../js/cli/keys.js";
import { JWKS_MAX_AGE_S } from "../../js/plugins/convex/key-set.js";
import { convex } from "../../js/plugins/index.js";
import { createApp, decode, SITE } from "./support/app.js";
import type { App, Browser } from "./support/app.js";

afterEach(() => void vi.useRealTimers());

async function verifyWithServedKeys(browser: Browser, token: string, algorithms = ["RS256"]) {
  const served = createLocalJWKSet(await (await browser.request("/convex/jwks")).json());
  return jwtVerify(token, served, { issuer: SITE, audience: "convex", algorithms });
}

/** Until verifiers have fetched the key set again. */
function afterTheSet(): void {
  vi.setSystemTime(Date.now() + JWKS_MAX_AGE_S * 1000);
}

async function signedIn(app: App) {
  const browser = app.browser();
  await browser.signUp("a@example.com");
  return browser;
}

describe("served documents", () => {
  it("jose verifies a token with the served keys, RS256 and ES256", async () => {
    for (const algorithm of ["RS256", "ES256"] as const) {
      const authConfig = { providers: [getAuthConfigProvider({ algorithm })] };
      const browser = await signedIn(createApp({ convexOptions: { authConfig } }));
      const { protectedHeader } = await verifyWithServedKeys(browser, await browser.token(), [
        algorithm,
      ]);
      expect(protectedHeader.alg).toBe(algorithm);
    }
  });

  it("the key set has a max-age, a JSON content type and no private member, also before any token", async () => {
    const app = createApp();
    const response = await app.browser().request("/convex/jwks");
    expect(response.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    expect(response.headers.get("content-type")).toBe("application/json");
    const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
    expect(app.store.calls).toMatchObject({ listKeys: 1, addKey: 1 });
  });

  it("discovery names the issuer and the key set under any base path", async () => {
    const app = createApp({ options: { basePath: "/auth/v1" } });
    const url = `${SITE}/auth/v1/convex/.well-known/openid-configuration`;
    const document = await (await app.auth.handler(new Request(url))).json();
    expect(document).toMatchObject({ issuer: SITE, jwks_uri: `${SITE}/auth/v1/convex/jwks` });
    expect((await app.auth.handler(new Request(document.jwks_uri as string))).status).toBe(200);
  });

  it("the stored private key is encrypted", async () => {
    const app = createApp();
    await signedIn(app);
    expect(app.store.keys[0]?.privateKey).toMatch(/^[0-9a-f]+$/);
  });
});

describe("a secret that changed", () => {
  it("retires the key, logs once, and signs with a new one; never a 500", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp();
    await signedIn(app);
    const [old] = app.store.keys;
    vi.setSystemTime(Date.now() + 1000);
    const changed = createApp({
      like: app,
      options: { secret: "another-secret-with-enough-length-000002" },
    });
    const browser = changed.browser();
    const response = await browser.signIn("a@example.com");
    expect(response.status).toBe(200);
    expect((await browser.request("/convex/token")).status).toBe(503);
    afterTheSet();
    const token = await browser.token("?fresh=1");
    expect(decode(token).header["kid"]).not.toBe(old?.id);
    await verifyWithServedKeys(browser, token);
    expect(app.store.keys).toHaveLength(2);
    expect(changed.logs.filter((line) => line.includes("cannot be decrypted"))).toEqual([
      expect.stringMatching(
        /To keep keys through a change.*; everybody signs in again all the same/,
      ),
    ]);
    expect(changed.logs.join()).not.toContain(old?.privateKey);
  });

  it("keeps the key when the old secret is still listed", async () => {
    const secrets = (...values: string[]) => ({
      options: { secrets: values.map((value, i) => ({ version: values.length - i, value })) },
    });
    const [one, two] = [
      "first-secret-with-enough-length-0000001",
      "second-secret-with-enough-length-000002",
    ];
    const app = createApp(secrets(one));
    await signedIn(app);
    const rotated = createApp({ like: app, ...secrets(two, one) });
    const browser = rotated.browser();
    await browser.signIn("a@example.com");
    await browser.token();
    expect(app.store.keys).toHaveLength(1);
  });
});

describe("rotation", () => {
  it("by age: the successor is published before it signs, and no valid token is refused", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp({
      convexOptions: { keys: { rotateEverySeconds: 3600 }, jwt: { expirationSeconds: 600 } },
    });
    const browser = await signedIn(app);
    const kids = new Set<unknown>();
    const held: { token: string; until: number }[] = [];
    let keySet = createLocalJWKSet({ keys: [] });
    let fetchedAt = 0;
    let verified = 0;
    for (let minute = 0; minute < 240; minute += 1) {
      const now = Date.now();
      // As Convex does: the set is fetched again only when its max-age is over.
      if (now - fetchedAt >= 120_000) {
        keySet = createLocalJWKSet(await (await browser.request("/convex/jwks")).json());
        fetchedAt = now;
      }
      const token = await browser.token(minute % 7 === 0 ? "?fresh=1" : "");
      kids.add(decode(token).header["kid"]);
      held.push({ token, until: Number(decode(token).claims["exp"]) * 1000 });
      for (const { token: each, until } of held.filter(({ until }) => until > now)) {
        expect(until).toBeGreaterThan(now);
        await jwtVerify(each, keySet, { issuer: SITE, currentDate: new Date() });
        verified += 1;
      }
      vi.setSystemTime(now + 60_000);
    }
    expect(kids.size).toBeGreaterThanOrEqual(4);
    expect(verified).toBeGreaterThan(1000);
    const { keys } = (await (await browser.request("/convex/jwks")).json()) as { keys: unknown[] };
    expect(keys.length).toBeLessThan(app.store.keys.length);
  });

  it("a changed secret replaces eight old keys at once, without an error", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const before = createApp();
    await signedIn(before);
    const [first] = before.store.keys;
    if (!first) throw new Error("there is no key");
    // As they were left by code that gave superseded keys no end.
    for (let age = 1; age < 8; age += 1)
      before.store.keys.unshift({ ...first, id: `old-${age}`, createdAt: first.createdAt - age });
    const after = createApp({
      like: before,
      options: { secret: "another-secret-of-the-tests-0001-0002" },
    });
    const browser = after.browser();
    await browser.signIn("a@example.com");
    afterTheSet();
    const token = await browser.token();
    await verifyWithServedKeys(browser, token, ["RS256"]);
    expect(after.store.keys.filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1);
  });

  it("a retired key's cached token is not handed out again", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp();
    const browser = await signedIn(app);
    const before = await browser.token();
    vi.setSystemTime(Date.now() + 1000);
    await app.store.retireKey(app.store.keys[0]?.id ?? "", Date.now());
    expect((await browser.request("/convex/token")).status).toBe(503);
    afterTheSet();
    const after = await browser.token();
    expect(decode(after).header["kid"]).not.toBe(decode(before).header["kid"]);
  });

  it("a compromised key (retired at 0) leaves the public set at once", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const bad = app.store.keys[0]?.id;
    await app.store.retireKey(bad ?? "", 0);
    const { keys } = (await (await browser.request("/convex/jwks")).json()) as {
      keys: { kid: string }[];
    };
    expect(keys.map(({ kid }) => kid)).not.toContain(bad);
    expect(keys).toHaveLength(1);
  });
});

describe("static keys", () => {
  async function staticApp(alg: "RS256" | "ES256", keys?: JwksDoc[]) {
    const jwks = JSON.stringify(keys ?? (await newKeySet(alg, Date.now())));
    const authConfig = { providers: [getAuthConfigProvider({ jwks, algorithm: alg })] };
    return { jwks, authConfig, app: createApp({ convexOptions: { authConfig, jwks } }) };
  }

  it.each(["RS256", "ES256"] as const)(
    "%s: sign without a key in the component and verify offline",
    async (alg) => {
      const { app, authConfig } = await staticApp(alg);
      const browser = await signedIn(app);
      expect(app.store.calls).toMatchObject({ listKeys: 0, addKey: 0 });
      const token = await browser.token();
      const uri = authConfig.providers[0]?.jwks ?? "";
      const offline = JSON.parse(decodeURIComponent(uri.slice(uri.indexOf(",") + 1)));
      await jwtVerify(token, createLocalJWKSet(offline), { issuer: SITE, audience: "convex" });
      await verifyWithServedKeys(browser, token, [alg]);
    },
  );

  it("a rotated set keeps the old key and signs with the new one once it has been published", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const first = await newKeySet("RS256", Date.now() - 86_400_000);
    const both = await rotatedKeySet(JSON.stringify(first), {}, Date.now());
    const { app } = await staticApp("RS256", both);
    const browser = await signedIn(app);
    expect(decode(await browser.token()).header["kid"]).toBe(first[0]?.id);
    vi.setSystemTime(Date.now() + 3_600_000);
    const token = await browser.token("?fresh=1");
    expect(decode(token).header["kid"]).toBe(both[0]?.id);
    await verifyWithServedKeys(browser, token);
  });

  it("a set that is rotated every day stays within what a variable holds, and no living token loses its key", async () => {
    const DAY = 86_400_000;
    let keys = await newKeySet("RS256", 0);
    for (let day = 1; day <= 6; day += 1) {
      const now = day * DAY;
      keys = await rotatedKeySet(keySetText(keys), {}, now);
      expect(keySetText(keys).length).toBeLessThan(8192);
      const signed = keys.map(({ createdAt }) => Number(createdAt) / DAY);
      // Whatever signed within two days is there, the newest and the one before it to sign.
      expect(signed).toEqual([day, day - 1, day - 2, day - 3].filter((made) => made >= 0));
      expect(keys.map(({ privateKey }) => privateKey !== undefined)).toEqual(
        signed.map((made) => made >= day - 1),
      );
    }
    vi.useFakeTimers({ toFake: ["Date"], now: 6 * DAY + 240_000 });
    const { app } = await staticApp("RS256", keys);
    const browser = await signedIn(app);
    expect(decode(await browser.token()).header["kid"]).toBe(keys[0]?.id);
  });

  it("keys of another algorithm keep signing for a config that has not changed", async () => {
    const rsa = await newKeySet("RS256", 0);
    const mixed = await rotatedKeySet(JSON.stringify(rsa), { alg: "ES256" }, 1);
    expect(mixed.slice(1)).toEqual(rsa);
    const browser = await signedIn((await staticApp("RS256", mixed)).app);
    expect(decode(await browser.token()).header["alg"]).toBe("RS256");
  });

  it.each(["", " \n"])("the empty text %j is no set, on either side", async (jwks) => {
    const authConfig = { providers: [getAuthConfigProvider({ jwks })] };
    const app = createApp({ convexOptions: { authConfig, jwks } });
    expect(authConfig.providers[0]?.jwks).toBe(`${SITE}/api/auth/convex/jwks`);
    const browser = await signedIn(app);
    await verifyWithServedKeys(browser, await browser.token());
    // One side alone is refused as ever.
    const { authConfig: fixed } = await staticApp("RS256");
    expect(() => convex({ authConfig: fixed, jwks })).toThrowError(
      expect.objectContaining({ code: "AUTH_CONFIG_INVALID" }),
    );
  });

  it("on one side only or of two sets are refused where they are configured", async () => {
    const { jwks, authConfig } = await staticApp("RS256");
    const invalid = expect.objectContaining({ code: "AUTH_CONFIG_INVALID" });
    expect(() => convex({ authConfig })).toThrowError(invalid);
    const other = JSON.stringify(await newKeySet("RS256", 1));
    expect(() => convex({ authConfig, jwks: other })).toThrowError(invalid);
    const es256 = JSON.stringify(await newKeySet("ES256", 1));
    expect(() => convex({ authConfig, jwks: es256 })).toThrowError(invalid);
    // Keys only in convex() work, because the deployment serves them; a warning says what is missed.
    const app = createApp({ convexOptions: { jwks } });
    const browser = await signedIn(app);
    await verifyWithServedKeys(browser, await browser.token());
    expect(app.logs.join()).toContain("auth.config.ts fetches them from the deployment");
  });

  it("without private parts, or all expired, say so", async () => {
    const [key] = await newKeySet("RS256", 1);
    const { privateKey: _private, ...publicOnly } = key as JwksDoc;
    const keySetInvalid = expect.objectContaining({ code: "KEY_SET_INVALID" });
    expect(() => createApp({ convexOptions: { jwks: JSON.stringify([publicOnly]) } })).toThrowError(
      keySetInvalid,
    );
    const { app } = await staticApp("RS256", [{ ...(key as JwksDoc), expiresAt: 1000 }]);
    const browser = await signedIn(app);
    expect(browser.cookie("convex_jwt")).toBeUndefined();
    expect(app.logs.join()).toContain("Every static key");
  });
});

describe("authConfig", () => {
  const provider = getAuthConfigProvider();
  it.each([
    ["no auth config", undefined],
    ["no providers", {}],
    ["none of ours", { providers: [{ domain: "https://x.example", applicationID: "other" }] }],
    ["two of ours", { providers: [provider, provider] }],
    ["an OIDC provider", { providers: [{ domain: SITE, applicationID: "convex" }] }],
    [
      "a foreign algorithm",
      {
        providers: [
          {
            ...{ type: "customJwt", applicationID: "convex", issuer: SITE, jwks: "" },
            algorithm: "EdDSA",
          },
        ],
      },
    ],
  ])("%s is refused", (_name, authConfig) => {
    // What the type forbids and plain JavaScript does not.
    expect(() => convex({ authConfig: authConfig as never })).toThrowError(
      expect.objectContaining({ code: "AUTH_CONFIG_INVALID" }),
    );
  });

  it.each([
    ["OIDC", { domain: "https://verb-noun-1.clerk.accounts.dev", applicationID: "convex" }],
    [
      "a JWT",
      {
        ...{ type: "customJwt", applicationID: "convex", algorithm: "RS256" },
        ...{ issuer: "https://auth.example.com", jwks: "data:," },
      },
    ],
  ])("ours may stand beside one of another issuer, %s", (_name, other) => {
    vi.stubEnv("CONVEX_SITE_URL", SITE);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const providers of [
      [other, provider],
      [provider, other],
    ])
      expect(() => convex({ authConfig: { providers } as never })).not.toThrow();
    const twice = {
      providers: [{ domain: SITE.replace("https://", ""), applicationID: "convex" }, provider],
    };
    expect(() => convex({ authConfig: twice as never })).toThrow(/2 providers/);
  });

  it.each([
    { jwt: { expirationSeconds: 4 } },
    { jwt: { expirationSeconds: Number.NaN } },
    { jwtCache: { ttlSeconds: -1 } },
    { jwtCache: { ttlSeconds: 901 } },
    { keys: { rotateEverySeconds: 60 } },
  ])("the option %j is refused", (options) => {
    expect(() => convex({ authConfig: { providers: [provider] }, ...options })).toThrowError(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});
