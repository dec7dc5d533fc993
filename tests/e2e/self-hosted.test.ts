/** A self-hosted backend: Convex fetches the key set by the port for clients, which does not wait for the site's. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { expect, it, vi } from "vitest";
import { startSessionsApp } from "./sessions-app.js";

const authConfig = `import { getAuthConfigProvider } from "convex-gate/auth-config";
export default { providers: [getAuthConfigProvider({ selfHosted: true, algorithm: "ES256" })] };
`;
const me = makeFunctionReference<"query">("sessions:me");

it("fetches the key set below /http of the other origin, and tokens hold", async () => {
  const app = await startSessionsApp("self-hosted", { authConfig });
  const fetched = vi.spyOn(globalThis, "fetch");
  try {
    const { browser, email } = await app.signUp("hosted");
    const client = new ConvexHttpClient(app.host.url, { logger: false });
    client.setAuth((await browser.token(false)) ?? "");
    expect(await client.query(me, {})).toMatchObject({ email });
    const sets = fetched.mock.calls
      .map(([url]) => String(url))
      .filter((url) => url.includes("jwks"));
    expect(new Set(sets)).toEqual(new Set([`${app.host.url}/http/api/auth/convex/jwks`]));
  } finally {
    fetched.mockRestore();
    await app.close();
  }
});
