// @vitest-environment node
/** The handle of `convex-gate/sveltekit`, in SvelteKit's own `sequence` and before a deployment that answers by a table. */
import type { Handle, RequestEvent } from "@sveltejs/kit";
import { text } from "@sveltejs/kit";
import { sequence } from "@sveltejs/kit/hooks";
import { with_request_store } from "@sveltejs/kit/internal/server";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthHandleOptions } from "../../js/sveltekit/index.js";
import { createAuthHandle, preloadAuthQuery } from "../../js/sveltekit/index.js";
import { cacheControlFor } from "../../js/ssr/caching.js";
import { tokenOf } from "../client/support/jwt.js";
import type { Upstream } from "../ssr/support/upstream.js";
import { json, startUpstream } from "../ssr/support/upstream.js";

const ORIGIN = "https://app.example";
const SECRET = "a secret of both sides, long enough";
const TOKEN = "/api/auth/convex/token";
const SESSION = "__Secure-better-auth.session_token=x";
const list = makeFunctionReference<"query", { of?: string }, string[]>("todos:list");

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  upstream.arrived.length = 0;
  upstream.on(TOKEN, (response) =>
    json(
      response,
      { token: tokenOf("a") },
      { headers: { "set-cookie": ["jwt=1; Path=/; HttpOnly", "session=2; Path=/"] } },
    ),
  );
  upstream.on("/api/query", (response) =>
    json(response, { status: "success", value: ["milk"], logLines: [] }),
  );
});

const options = (more: Partial<AuthHandleOptions> = {}): AuthHandleOptions => ({
  convexUrl: upstream.origin,
  convexSiteUrl: upstream.origin,
  siteUrl: ORIGIN,
  ...more,
});

/** An event as SvelteKit makes one, as far as a handle looks at it. */
function eventOf(path: string, init: RequestInit = {}, address = (): string => "203.0.113.7") {
  const request = new Request(`${ORIGIN}${path}`, init);
  const event = { request, url: new URL(request.url), locals: {}, getClientAddress: address };
  return event as unknown as RequestEvent;
}

type Page = (event: RequestEvent) => Response | Promise<Response>;

function run(handle: Handle, event: RequestEvent, page: Page): Promise<Response> {
  const state = {
    tracing: { record_span: ({ fn }: { fn: (span: unknown) => unknown }) => fn({}) },
  };
  return with_request_store({ event, state } as never, async () =>
    handle({ event, resolve: (given) => page(given as RequestEvent) }),
  );
}

const signedIn = { headers: { cookie: SESSION } };

describe("event.locals.auth", () => {
  it("asks for one token for all that a page wants, and appends each cookie to the response", async () => {
    const response = await run(
      createAuthHandle(options()),
      eventOf("/", signedIn),
      async (event) => {
        const { auth } = event.locals;
        const [state, isIn, data] = await Promise.all([
          auth.getState(),
          auth.isAuthenticated(),
          preloadAuthQuery(auth, list, { of: "a" }),
        ]);
        expect(state.session).toBe("signedIn");
        expect(isIn).toBe(true);
        expect(data).toEqual({ session: "a", args: '{"of":"a"}', value: ["milk"] });
        return new Response("page", { headers: { "set-cookie": "own=3" } });
      },
    );
    expect(upstream.arrived.map(({ url }) => url)).toEqual([TOKEN, "/api/query"]);
    expect(response.headers.getSetCookie()).toEqual([
      "own=3",
      "jwt=1; Path=/; HttpOnly",
      "session=2; Path=/",
    ]);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.text()).toBe("page");
  });

  it("asks nothing for a page that has no use for it, and leaves its response alone", async () => {
    const own = text("page");
    const response = await run(createAuthHandle(options()), eventOf("/", signedIn), () => own);
    expect(response).toBe(own);
    expect(upstream.arrived).toEqual([]);
  });

  it.each([
    { cookie: SESSION, says: null, sent: "private, no-store" },
    { cookie: SESSION, says: "max-age=9", sent: "max-age=9" },
    { cookie: "theme=dark", says: null, sent: null },
  ])("is asked for by a part that is streamed: $cookie, $says", async ({ cookie, says, sent }) => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const page = ({ locals }: RequestEvent): Response => {
      // As SvelteKit streams what a `load` function returned as a promise, when the headers are sent already.
      const body = new ReadableStream<Uint8Array>({
        async start(parts) {
          parts.enqueue(new TextEncoder().encode("page"));
          await begun;
          parts.enqueue(new TextEncoder().encode((await locals.auth.getState()).session));
          parts.close();
        },
      });
      const headers: HeadersInit = says === null ? {} : { "cache-control": says };
      return new Response(body, { headers });
    };
    const event = eventOf("/", { headers: { cookie } });
    const response = await run(createAuthHandle(options()), event, page);
    begin();
    expect(response.headers.get("cache-control")).toBe(sent);
    expect(await response.text()).toBe(cookie === SESSION ? "pagesignedIn" : "pagesignedOut");
  });

  it("asks nothing without a session cookie", async () => {
    const response = await run(createAuthHandle(options()), eventOf("/"), async ({ locals }) => {
      expect(await locals.auth.getState()).toEqual({ session: "signedOut", token: null });
      expect(await preloadAuthQuery(locals.auth, list, {})).toEqual({ session: null, args: "{}" });
      return new Response();
    });
    // It is the same for everybody: caches are the app's affair.
    expect(response.headers.has("cache-control")).toBe(false);
    expect(upstream.arrived).toEqual([]);
  });

  it("appends cookies to a response whose headers cannot be changed", async () => {
    upstream.on("/fetched", (response) =>
      json(response, {}, { headers: { "cache-control": "max-age=9" } }),
    );
    const response = await run(
      createAuthHandle(options()),
      eventOf("/", signedIn),
      async (event) => {
        await event.locals.auth.getState();
        return fetch(`${upstream.origin}/fetched`);
      },
    );
    expect(response.headers.getSetCookie()).toHaveLength(2);
  });

  it.each([
    { says: "max-age=9", cookies: true, sent: "private, no-store" },
    { says: "public, s-maxage=60", cookies: true, sent: "private, no-store" },
    { says: "private, max-age=9", cookies: true, sent: "private, max-age=9" },
    { says: "max-age=9", cookies: false, sent: "max-age=9" },
  ])("keeps what sets cookies from shared caches: $says, $cookies", ({ says, cookies, sent }) => {
    const set = cacheControlFor({ present: says, isSignedIn: true, setsCookies: cookies });
    expect(set ?? says).toBe(sent);
  });

  it("keeps cookies from shared caches, whatever the app says of its page", async () => {
    const response = await run(
      createAuthHandle(options()),
      eventOf("/", signedIn),
      async (event) => {
        await event.locals.auth.getState();
        return new Response("", { headers: { "cache-control": "public, s-maxage=60" } });
      },
    );
    expect(response.headers.getSetCookie()).toHaveLength(2);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("is one among others of a sequence, before and after", async () => {
    const seen: string[] = [];
    const before: Handle = ({ event, resolve }) => {
      seen.push(`before ${String("auth" in event.locals)}`);
      return resolve(event);
    };
    const after: Handle = async ({ event, resolve }) => {
      seen.push(`after ${(await event.locals.auth.getState()).session}`);
      return resolve(event);
    };
    const handle = sequence(before, createAuthHandle(options()), after);
    const response = await run(handle, eventOf("/", signedIn), () => new Response("page"));
    expect(seen).toEqual(["before false", "after signedIn"]);
    expect(response.headers.getSetCookie()).toHaveLength(2);
  });

  it("gives a page what the query throws", async () => {
    const failure = { status: "error", errorMessage: "no such list" };
    upstream.on("/api/query", (response) => json(response, failure, { status: 560 }));
    await run(createAuthHandle(options()), eventOf("/", signedIn), async ({ locals }) => {
      await expect(preloadAuthQuery(locals.auth, list, {})).rejects.toThrow("no such list");
      return new Response();
    });
  });

  it("renders a page while the deployment does not answer", async () => {
    upstream.on("/api/query", (response) => void response.writeHead(503).end("down"));
    await run(createAuthHandle(options()), eventOf("/", signedIn), async ({ locals }) => {
      expect(await preloadAuthQuery(locals.auth, list, {})).toEqual({ session: "a", args: "{}" });
      return new Response();
    });
    upstream.on(TOKEN, (response) => void response.writeHead(503).end());
    await run(createAuthHandle(options()), eventOf("/", signedIn), async ({ locals }) => {
      expect(await locals.auth.getState()).toEqual({ session: "unknown", token: null });
      expect(await preloadAuthQuery(locals.auth, list, {})).toEqual({ session: null, args: "{}" });
      return new Response();
    });
  });
});

describe("requests below /api/auth", () => {
  it("are passed on with the visitor's address, signed, and never reach a page", async () => {
    upstream.on("/api/auth/ok", (response) => json(response, { ok: true }));
    const handle = createAuthHandle(options({ proxy: { secret: SECRET } }));
    const response = await run(handle, eventOf("/api/auth/ok"), () => {
      throw new Error("a page");
    });
    expect(await response.json()).toEqual({ ok: true });
    const [arrived] = upstream.arrived;
    expect(String(arrived?.headers["x-gate-client-ip"])).toContain("203.0.113.7");
    expect(arrived?.headers.host).toBe(new URL(upstream.origin).host);
  });

  it("go without an address where the adapter has none, or by the app's own word", async () => {
    upstream.on("/api/auth/ok", (response) => json(response, {}));
    const none = (): never => {
      throw new Error("ADDRESS_HEADER is absent");
    };
    const page = (): Response => new Response();
    await run(
      createAuthHandle(options({ proxy: { secret: SECRET } })),
      eventOf("/api/auth/ok", {}, none),
      page,
    );
    const own = { secret: SECRET, clientIp: () => "198.51.100.4" };
    await run(createAuthHandle(options({ proxy: own })), eventOf("/api/auth/ok"), page);
    const [first, second] = upstream.arrived;
    expect(first?.headers).not.toHaveProperty("x-gate-client-ip");
    expect(String(second?.headers["x-gate-client-ip"])).toContain("198.51.100.4");
  });

  it("are only those: a path that merely begins alike is a page", async () => {
    const response = await run(
      createAuthHandle(options()),
      eventOf("/api/authors"),
      () => new Response("page"),
    );
    expect(await response.text()).toBe("page");
  });
});

describe("options", () => {
  it("that a build does not have yet are named when a request needs them", async () => {
    const handle = createAuthHandle(options({ convexUrl: undefined }));
    const page = await run(handle, eventOf("/"), () => new Response("no auth"));
    expect(await page.text()).toBe("no auth");
    await run(handle, eventOf("/"), ({ locals }) => {
      expect(() => locals.auth).toThrowError(/PUBLIC_CONVEX_URL/);
      return new Response();
    });
  });

  it("checkOrigin refuses forms of other sites, except below the base path", async () => {
    upstream.on("/api/auth/callback/x", (response) => json(response, {}));
    const handle = createAuthHandle(options({ checkOrigin: true }));
    const form = (
      path: string,
      origin: string | null,
      type = "application/x-www-form-urlencoded",
    ) =>
      eventOf(path, {
        method: "POST",
        headers: { "content-type": type, ...(origin === null ? {} : { origin }) },
        body: "a=1",
      });
    const page = (): Response => new Response("page");
    const status = async (event: RequestEvent): Promise<number> =>
      (await run(handle, event, page)).status;
    expect(await status(form("/todos", "https://evil.example"))).toBe(403);
    expect(await status(form("/todos", null, "Text/Plain; charset=utf-8"))).toBe(403);
    expect(await status(form("/todos", ORIGIN))).toBe(200);
    expect(await status(form("/todos", "https://evil.example", "application/json"))).toBe(200);
    expect(await status(form("/api/auth/callback/x", "https://idp.example"))).toBe(200);
  });
});
