/** An `http.ts` that loads Better Auth only for Better Auth's endpoints. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionsApp } from "./sessions-app.js";
import { ORIGIN, startSessionsApp } from "./sessions-app.js";

const http = `import { httpActionGeneric, httpRouter } from "convex/server";
import { registerRoutes } from "convex-gate/http";

const http = httpRouter();
registerRoutes(http, async (ctx) => (await import("./auth.js")).createAuth(ctx), { cors: true });
http.route({ path: "/hook", method: "POST", handler: httpActionGeneric(async () => new Response("taken")) });
export default http;
`;

/** The app with sessions and origins as most apps have them. */
const plainly = (auth: string): string =>
  auth
    .replace("session: { updateAge: 0 },", "")
    .replace("trustedOrigins: () => [", "trustedOrigins: [");

let app: SessionsApp;
beforeAll(async () => {
  app = await startSessionsApp("lazy-routes", { http, auth: plainly });
}, 60_000);
afterAll(() => app.close());

describe("routes that load Better Auth when they are called", () => {
  it("sign up, give a token and sign out", async () => {
    const { browser, userId } = await app.signUp("lazy");
    const token = (await browser.token(false)) ?? "";
    expect(JSON.parse(atob(token.split(".")[1] ?? ""))).toMatchObject({ sub: userId });
    expect((await browser.post("/sign-out", {})).status).toBe(200);
    expect(await browser.token(false)).toBeNull();
  });

  it("answer preflight requests", async () => {
    const { status, headers } = await fetch(`${app.host.siteUrl}/api/auth/sign-in/email`, {
      method: "OPTIONS",
      headers: { Origin: ORIGIN, "Access-Control-Request-Method": "POST" },
    });
    expect(status).toBe(204);
    expect(headers.get("Access-Control-Allow-Origin")).toBe(ORIGIN);
  });

  it("leave the app's other routes without it", async () => {
    app.host.metrics.reset();
    const answer = await fetch(`${app.host.siteUrl}/hook`, { method: "POST" });
    expect(await answer.text()).toBe("taken");
    const [{ evaluatedBytes = Infinity } = {}] = app.host.metrics.snapshot().calls;
    console.log(`note: bytes evaluated for another HTTP route: ${String(evaluatedBytes)}`);
    expect(evaluatedBytes).toBeLessThan(120_000);
  });
});

describe("the fast lane", () => {
  /** What a request evaluated, and which functions of the component it called. */
  async function asked(work: () => Promise<unknown>) {
    app.host.metrics.reset();
    await work();
    const { calls } = app.host.metrics.snapshot();
    const [http, ...others] = calls;
    return {
      bytes: http?.evaluatedBytes ?? 0,
      calls: others.map((call) => call.function),
    };
  }

  it("answers from less than 130 kB and with one call, all of it without Better Auth", async () => {
    const { browser } = await app.signUp("quick");
    await browser.token(false);
    const jwks = `${app.host.siteUrl}/api/auth/convex/jwks`;
    const preflight = () =>
      fetch(`${app.host.siteUrl}/api/auth/sign-out`, {
        method: "OPTIONS",
        headers: { Origin: ORIGIN },
      });
    const requests: Record<string, () => Promise<unknown>> = {
      "get-session": () => browser.get("/get-session"),
      "get-session with the token": () => browser.get("/get-session?convexToken=true"),
      "token from the cache": () => browser.token(false),
      "key set": () => fetch(jwks),
      "discovery document": () => browser.get("/convex/.well-known/openid-configuration"),
      preflight,
    };
    for (const [name, work] of Object.entries(requests)) {
      const { bytes, calls } = await asked(work);
      console.log(`note: bytes evaluated for ${name}: ${String(bytes)}`);
      expect(calls, name).toEqual(["gate:lane"]);
      expect(bytes, name).toBeLessThan(130_000);
    }
    const signed = await asked(() => browser.token(true));
    console.log(`note: bytes evaluated to sign a token: ${String(signed.bytes)}`);
    expect(signed.calls).toEqual(["gate:lane", "gate:storeToken"]);
    expect(signed.bytes).toBeLessThan(150_000);
    const full = await asked(() => browser.post("/update-user", { name: "Slow" }));
    expect(full.bytes).toBeGreaterThan(500_000);
  });
});
