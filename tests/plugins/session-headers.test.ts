/** Better Auth called from a function with the headers of the caller's session: whose address counts. */
import type { BetterAuthOptions } from "better-auth";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../../js/server/index.js";
import { createComponentApp } from "../support/component-app.js";
import { PASSWORD } from "./support/app.js";

const site = "https://happy-animal-1.convex.site";

/** Signs up from an address and calls Better Auth from a function as that session. */
async function signedIn(header: string, advanced: BetterAuthOptions["advanced"] = {}) {
  const app = createComponentApp({
    options: { advanced, rateLimit: { enabled: true, window: 60, max: 100 } },
  });
  const response = await app.auth().handler(
    new Request(`${site}/api/auth/sign-up/email`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: site,
        [header]: "203.0.113.7",
        "user-agent": "Browser/1.0",
      },
      body: JSON.stringify({ email: "ada@example.com", password: PASSWORD, name: "Ada" }),
    }),
  );
  expect(response.status).toBe(200);
  const [session] = await app.rows("session");
  const identity = { subject: session?.["userId"], sessionId: session?.["id"], issuer: site };
  const ctx = {
    auth: { getUserIdentity: () => Promise.resolve(identity) },
    runQuery: (reference: never, args: never) =>
      app.harness.t.action((action) => action.runQuery(reference, args)),
  };
  const client = createClient(app.harness.component);
  const { auth, headers } = await client.getAuth(() => app.auth(), ctx as never);
  return { app, auth, headers, byDefault: () => client.getHeaders(ctx as never) };
}

afterEach(() => void vi.unstubAllEnvs());

describe("getAuth", () => {
  it.each<[string, BetterAuthOptions["advanced"]]>([
    ["x-forwarded-for", {}],
    ["cf-connecting-ip", { ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] } }],
  ])("gives a session's address in %s", async (header, advanced) => {
    const { app, auth, headers } = await signedIn(header, advanced);
    expect(headers.get(header)).toBe("203.0.113.7");
    expect((await auth.api.getSession({ headers }))?.user.email).toBe("ada@example.com");

    // What is made in the user's name has the user's address and browser.
    await auth.api.signInEmail({ body: { email: "ada@example.com", password: PASSWORD }, headers });
    for (const session of await app.rows("session"))
      expect(session).toMatchObject({ ipAddress: "203.0.113.7", userAgent: "Browser/1.0" });

    // And what is asked over the handler counts for the user's address.
    await auth.handler(new Request(`${site}/api/auth/list-sessions`, { headers }));
    const keys = (await app.rows("rateLimit")).map((row) => row["key"]);
    expect(keys).toContain("203.0.113.7|/list-sessions");
  });
});

describe("getHeaders", () => {
  const [one, two] = ["first-secret-with-enough-length-0001", "second-secret-of-enough-length-02"];

  it.each<[string, Record<string, string>]>([
    ["one", { BETTER_AUTH_SECRETS: `1:${one}` }],
    ["the first of two", { BETTER_AUTH_SECRETS: ` 2:${two} , 1:${one}` }],
    [
      "one before a secret without a version",
      { BETTER_AUTH_SECRETS: `1:${two}`, BETTER_AUTH_SECRET: one },
    ],
  ])("signs as Better Auth does with versions of the secret: %s", async (_, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { auth, byDefault } = await signedIn("x-forwarded-for");
    const session = await auth.api.getSession({ headers: await byDefault() });
    expect(session?.user.email).toBe("ada@example.com");
  });

  it.each([
    [one, "INVALID_OPTION"],
    [`1:${two},1:${one}`, "INVALID_OPTION"],
    [`2:your-secret,1:${one}`, "SECRET_INSECURE"],
  ])("refuses versions of no use, with advice for that variable: %s", async (list, code) => {
    const { byDefault } = await signedIn("x-forwarded-for");
    vi.stubEnv("BETTER_AUTH_SECRETS", list);
    await expect(byDefault()).rejects.toMatchObject({
      code,
      meta: { variable: "BETTER_AUTH_SECRETS" },
      message: expect.stringContaining(
        'npx convex env set BETTER_AUTH_SECRETS "version:secret"',
      ) as string,
    });
  });
});
