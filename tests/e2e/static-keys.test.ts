/** Static keys on a deployment: Convex verifies with what `auth.config.ts` holds and asks nobody. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { decodeProtectedHeader } from "jose";
import { expect, it } from "vitest";
import { newKeySet, rotatedKeySet } from "../../js/cli/keys.js";
import { startSessionsApp } from "./sessions-app.js";

const authConfig = `import { getAuthConfigProvider } from "convex-gate/auth-config";
export default {
  providers: [getAuthConfigProvider({ algorithm: "ES256", jwks: process.env.STATIC_JWKS })],
};
`;
const me = makeFunctionReference<"query">("sessions:me");

it("names the variable when it is not set, as Convex does", async () => {
  await expect(startSessionsApp("static-unset", { authConfig })).rejects.toThrow(/STATIC_JWKS/);
});

it("tokens of several keys verify without a request, before and after a rotation", async () => {
  const day = 86_400_000;
  const first = await newKeySet("ES256", Date.now() - 2 * day);
  const unused = await newKeySet("RS256", Date.now());
  const app = await startSessionsApp("static-keys", {
    authConfig,
    env: { STATIC_JWKS: JSON.stringify([...unused, ...first]) },
  });
  try {
    const { browser, email } = await app.signUp("fixed");
    const client = new ConvexHttpClient(app.host.url, { logger: false });
    const old = (await browser.token(false)) ?? "";
    expect(decodeProtectedHeader(old)).toMatchObject({ alg: "ES256", kid: first[0]?.id });
    client.setAuth(old);
    app.host.metrics.reset();
    expect(await client.query(me, {})).toMatchObject({ email });
    const kinds = app.host.metrics.snapshot().calls.map(({ kind }) => kind);
    expect(kinds).toEqual(["query", "query"]);

    // A successor that has been there for longer than verifiers keep a set, so that it signs.
    const both = await rotatedKeySet(JSON.stringify(first), {}, Date.now() - day);
    await app.host.setEnv({ STATIC_JWKS: JSON.stringify(both) });
    const fresh = (await browser.token(true)) ?? "";
    expect(decodeProtectedHeader(fresh).kid).toBe(both[0]?.id);
    for (const token of [old, fresh]) {
      client.setAuth(token);
      expect(await client.query(me, {})).toMatchObject({ email });
    }
    // Without the older key its tokens are refused, and only they are.
    await app.host.setEnv({ STATIC_JWKS: JSON.stringify(both.slice(0, 1)) });
    expect(await client.query(me, {})).toMatchObject({ email });
    client.setAuth(old);
    await expect(client.query(me, {})).rejects.toThrow();
  } finally {
    await app.close();
  }
});
