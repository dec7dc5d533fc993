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

let app: SessionsApp;
beforeAll(async () => {
  app = await startSessionsApp("lazy-routes", { http });
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
    expect(evaluatedBytes).toBeLessThan(105_000);
  });
});
