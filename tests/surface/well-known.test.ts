/** The root's discovery documents: there for clients, and never in the way of the app's own routes. */
import { httpActionGeneric, httpRouter } from "convex/server";
import type { HttpRouter, RouteSpec } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHttpApp, SITE } from "./support/http-app.js";

const OPENID = "/.well-known/openid-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";
const RESOURCE = "/.well-known/oauth-protected-resource";
const OURS = [OAUTH, RESOURCE, OPENID, `${OAUTH}/*`, `${RESOURCE}/*`];

afterEach(() => vi.unstubAllEnvs());

const route = (place: { path: string } | { pathPrefix: string }) => (http: HttpRouter) =>
  http.route({
    ...place,
    method: "GET",
    handler: httpActionGeneric(() => Promise.resolve(new Response("the app's"))),
  } as RouteSpec);

/** The routes of the router after `add`, and what the app's place answers. */
async function routesWith(add: (http: HttpRouter) => void, when: "before" | "after") {
  let router = httpRouter();
  const { ask } = createHttpApp({
    [when]: add,
    // The last to see the router.
    ...(when === "after"
      ? {
          after: (http) => {
            add(http);
            router = http;
          },
        }
      : { after: (http) => (router = http) }),
  });
  const paths = router.getRoutes().map(([path]) => path);
  return { ask, left: OURS.filter((path) => paths.includes(path)) };
}

describe.each(["before", "after"] as const)("a route of the app's, %s ours", (when) => {
  it.each<[{ path: string } | { pathPrefix: string }, string, string[]]>([
    [{ path: OPENID }, OPENID, OURS],
    [{ path: OAUTH }, OAUTH, OURS],
    [{ pathPrefix: `${RESOURCE}/` }, `${RESOURCE}/mcp`, OURS],
    [{ path: `${RESOURCE}/mcp` }, `${RESOURCE}/mcp`, OURS],
    [{ pathPrefix: "/.well-known/" }, OPENID, []],
    [{ pathPrefix: "/.well-known/" }, `${OAUTH}/api/auth`, []],
  ])("%j answers there", async (place, path, left) => {
    const app = await routesWith(route(place), when);
    expect(await (await app.ask(path)).text()).toBe("the app's");
    expect(app.left).toEqual(left);
  });

  it("below the root itself leaves ours alone", async () => {
    const app = await routesWith(route({ pathPrefix: "/" }), when);
    expect(app.left).toEqual(OURS);
    expect((await app.ask(OPENID)).status).toBe(302);
    expect(await (await app.ask("/page")).text()).toBe("the app's");
  });

  it("of another method is beside ours", async () => {
    const options = httpActionGeneric(() => Promise.resolve(new Response(null, { status: 204 })));
    const add = (http: HttpRouter) =>
      http.route({ path: OPENID, method: "OPTIONS", handler: options });
    expect((await routesWith(add, when)).left).toEqual(OURS);
  });
});

it("a second route of the app's for one path is Convex's to refuse", () => {
  const add = route({ path: OPENID });
  expect(() =>
    createHttpApp({
      after: (http) => {
        add(http);
        add(http);
      },
    }),
  ).toThrow("already in use");
});

it("a switch leaves ours out", async () => {
  const { ask } = createHttpApp({ routes: { wellKnown: false } });
  for (const path of [OPENID, OAUTH, RESOURCE, `${OAUTH}/x`])
    expect((await ask(path)).status).toBe(404);
  expect((await ask(`/api/auth/convex${OPENID}`)).status).toBe(200);
});

it("the redirect to the keys names no host, so that no request can choose one", async () => {
  const { ask } = createHttpApp();
  const { status, headers } = await ask(OPENID, { host: "evil.example" });
  expect([status, headers.get("location")]).toEqual([302, `/api/auth/convex${OPENID}`]);
  const document = await ask(headers.get("location") ?? "", { host: "evil.example" });
  expect(JSON.stringify(await document.json())).not.toContain("evil");
  expect(new URL(headers.get("location") ?? "", SITE).origin).toBe(SITE);
});
