/** Which origins the mounted routes let in, and what they refuse to be told. */
import { httpRouter } from "convex/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mountRoutes } from "../../js/server/routes.js";
import type { RouteOptions } from "../../js/server/index.js";
import { createHttpApp, ORIGIN, signUp } from "./support/http-app.js";

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const OTHER = "https://other.example.com";

describe("origins of the routes' own", () => {
  it.each<[string, RouteOptions]>([
    ["a list", { cors: true, trustedOrigins: [OTHER] }],
    ["a function", { cors: true, trustedOrigins: () => [OTHER] }],
    [
      "a function of the request that takes its time",
      {
        cors: true,
        trustedOrigins: (request) => Promise.resolve([request.headers.get("origin") ?? ""]),
      },
    ],
    ["a function in `cors`", { cors: { allowedOrigins: () => ["https://*.example.com"] } }],
  ])("may be %s", async (_, routes) => {
    const { ask } = createHttpApp({ routes });
    for (const method of ["OPTIONS", "GET"]) {
      const { headers } = await ask("/api/auth/ok", { method, headers: { origin: OTHER } });
      expect(headers.get("access-control-allow-origin")).toBe(OTHER);
    }
    const { headers } = await ask("/api/auth/ok", { headers: { origin: "https://evil.example" } });
    expect(headers.get("access-control-allow-origin")).toBe(
      _.startsWith("a function of the request") ? "https://evil.example" : null,
    );
  });

  it("may be those of an app, which are not the origin of a sandboxed page", async () => {
    const { ask } = createHttpApp({ routes: { cors: true, trustedOrigins: ["myapp://"] } });
    const { status, headers } = await ask("/api/auth/ok", { headers: { origin: "null" } });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });

  it("are refused when they are something else", () => {
    const routes = { cors: true, trustedOrigins: OTHER as never };
    expect(() => createHttpApp({ routes })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});

const everything = [
  ...["*", "**", "https://*", "http://*", "*://*", "*:*", "https://*:3000", "*.*"],
  // A path after the host changes nothing for Better Auth, which compares segments and ignores slashes at the end.
  ...["https://*/*", "https://*.*/**", "https://*/", "chrome-extension://*"],
];

describe("every origin", () => {
  it.each(everything)("is refused where the routes are mounted: %s", (pattern) => {
    for (const options of [
      { cors: { allowedOrigins: [pattern] } },
      { cors: true, trustedOrigins: [ORIGIN, pattern] },
    ])
      expect(() => mountRoutes(httpRouter(), () => ({}) as never, options)).toThrow(
        expect.objectContaining({
          code: "INVALID_OPTION",
          message: expect.stringContaining("https://*."),
        }),
      );
  });

  it.each(everything)("is refused of Better Auth's own list: %s", async (pattern) => {
    const { ask } = createHttpApp({ options: { trustedOrigins: [ORIGIN, pattern] } });
    const stranger = await signUp(ask, "/api/auth", {
      headers: { origin: "https://evil.example" },
    });
    expect(stranger.status).toBe(500);
    expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
    const own = await signUp(ask);
    expect([own.status, own.headers.get("access-control-allow-origin")]).toEqual([500, ORIGIN]);
    expect(await own.json()).toMatchObject({ code: "INVALID_OPTION" });
  });

  it("is not what a subdomain or an address range is", async () => {
    for (const pattern of [
      "https://*.example.com",
      "*.example.com",
      "192.168.*.*",
      "http://localhost:*",
    ]) {
      const { ask } = createHttpApp({ options: { trustedOrigins: [ORIGIN, pattern] } });
      expect((await ask("/api/auth/ok", { headers: { origin: ORIGIN } })).status).toBe(200);
    }
  });

  it.each(["exp://", "exp://**", "exp://192.168.*.*:*/**", "myapp://*"])(
    "is not what an app's own scheme is: %s",
    async (pattern) => {
      const { ask } = createHttpApp({ options: { trustedOrigins: [ORIGIN, pattern] } });
      expect((await signUp(ask)).status).toBe(200);
      for (const origin of ["https://evil.example", "http://evil.example"]) {
        const { headers } = await ask("/api/auth/ok", { headers: { origin } });
        expect(headers.get("access-control-allow-origin")).toBeNull();
      }
    },
  );

  it("is nobody's business without CORS", async () => {
    const { ask } = createHttpApp({ options: { trustedOrigins: ["*"] }, routes: {} });
    const { status, headers } = await ask("/api/auth/ok", { headers: { origin: OTHER } });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });
});
