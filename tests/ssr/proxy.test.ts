/** What a browser's request becomes on its way to the deployment, and the answer on its way back. */
import { createHash, randomBytes } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuthServerOptions } from "../../js/ssr/index.js";
import { createAuthServer } from "../../js/ssr/index.js";
import { readClientIp } from "../../js/utils/client-ip-header.js";
import type { Upstream } from "./support/upstream.js";
import { json, startUpstream } from "./support/upstream.js";

const APP = "https://app.example.com";
const SECRET = "what-the-server-and-the-deployment-share";
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  upstream.arrived.length = 0;
  upstream.on("/api/auth/echo", (response, arrived) => json(response, arrived));
});
afterEach(() => vi.restoreAllMocks());

const serverWith = (options: Partial<AuthServerOptions> = {}) =>
  createAuthServer({
    convexUrl: upstream.origin,
    convexSiteUrl: upstream.origin,
    siteUrl: APP,
    ...options,
  });
const send = (path: string, init: RequestInit = {}, options: Partial<AuthServerOptions> = {}) =>
  serverWith(options).handler(new Request(`${APP}${path}`, init));
const sent = () => upstream.arrived.at(-1);

describe("a request", () => {
  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])(
    "of the method %s goes on, with path, query and body",
    async (method) => {
      const hasBody = method !== "GET" && method !== "HEAD";
      const answer = await send("/api/auth/echo?a=1&b=%2F", {
        method,
        headers: { "content-type": "application/json" },
        ...(hasBody && { body: '{"a":1}' }),
      });
      expect(answer.status).toBe(200);
      expect(sent()).toMatchObject({
        method,
        url: "/api/auth/echo?a=1&b=%2F",
        body: hasBody ? '{"a":1}' : "",
      });
    },
  );

  it("of another method is refused", async () => {
    const answer = await send("/api/auth/echo", { method: "PROPFIND" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([
      405,
      "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
    ]);
    expect(upstream.arrived).toEqual([]);
  });

  it("brings what Better Auth and its plugins read", async () => {
    const headers = Object.fromEntries(
      [
        ...["x-api-key", "expo-origin", "x-skip-oauth-proxy", "stripe-signature", "dpop"],
        ...["creem-signature", "if-none-match", "traceparent", "cookie", "authorization"],
        ...["accept", "accept-language", "content-type", "user-agent", "origin", "referer"],
        ...["x-captcha-response", "sec-fetch-site", "sec-fetch-dest"],
        ...["x-visitor-id", "x-request-id", "x-pow-solution"],
      ].map((name) => [name, `the ${name}`]),
    );
    await send("/api/auth/echo", { headers });
    expect(sent()?.headers).toMatchObject(headers);
  });

  it("brings what the app allows, and nothing else that anybody could write", async () => {
    const forged = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      "x-forwarded-for": "203.0.113.9",
      "x-real-ip": "203.0.113.9",
      forwarded: "for=203.0.113.9;host=evil.example",
      "x-gate-client-ip": "203.0.113.9.1.00",
      "x-http-method-override": "DELETE",
      "accept-encoding": "zstd",
      "x-mine": "1",
      "x-other": "1",
    };
    const proxy = { allowHeaders: ["X-Mine", "X-Gate-Client-IP"] };
    await send("/api/auth/echo", { headers: forged }, { proxy });
    const { headers = {} } = sent() ?? {};
    expect(headers).toMatchObject({ host: new URL(upstream.origin).host, "x-mine": "1" });
    expect(Object.keys(headers).filter((name) => /^(x-|forwarded)/.test(name))).toEqual(["x-mine"]);
    expect(headers["accept-encoding"]).not.toContain("zstd");
  });

  it("brings no header of its own connection", async () => {
    const headers = { te: "trailers", "proxy-authorization": "Basic x", "keep-alive": "5" };
    await send("/api/auth/echo", { headers, method: "POST", body: "x" });
    for (const name of Object.keys(headers)) expect(sent()?.headers).not.toHaveProperty(name);
  });

  it.each<[string, string | null, string | undefined]>([
    ["IPv4", "198.51.100.1", "198.51.100.1"],
    ["IPv6", "2001:db8::1", "2001:db8::1"],
    ["an address with a port", "198.51.100.1:4711", "198.51.100.1"],
    ["IPv6 with a port", "[2001:db8::1]:4711", "2001:db8::1"],
    ["no address", null, undefined],
    ["text that is none", "203.0.113.9, 10.0.0.1", undefined],
  ])("names its visitor, signed: %s", async (_, clientIp, expected) => {
    const request = new Request(`${APP}/api/auth/echo`);
    await serverWith({ proxy: { secret: SECRET } }).handler(request, { clientIp });
    const header = sent()?.headers["x-gate-client-ip"];
    expect(header === undefined).toBe(expected === undefined);
    if (typeof header === "string") expect(await readClientIp(header, SECRET)).toBe(expected);
  });

  it("names its visitor by the app's function, and by the server's PROXY_SECRET", async () => {
    vi.stubEnv("PROXY_SECRET", SECRET);
    const proxy = { clientIp: (request: Request) => request.headers.get("cf-connecting-ip") };
    await send("/api/auth/echo", { headers: { "cf-connecting-ip": "2001:db8::2" } }, { proxy });
    vi.unstubAllEnvs();
    const header = String(sent()?.headers["x-gate-client-ip"]);
    expect(await readClientIp(header, SECRET)).toBe("2001:db8::2");
    expect(header).not.toContain(SECRET);
  });
});

describe("a path", () => {
  it.each([
    ["/"],
    ["/api/authors"],
    ["/api/auth"],
    ["/api/auth/../secret"],
    ["/api/auth/%2e%2e/secret"],
    ["/api/auth/..%2fsecret"],
    ["/api/auth/%252e%252e%252fsecret"],
    ["/api/auth/..%5csecret"],
    // Letters of an encoding that are encoded themselves.
    ["/api/auth/%25%32%65%25%32%65/secret"],
    ["/api/auth/%2%65%2%65/secret"],
    ["/api/auth/.%25%32%45/secret"],
    ["/api/auth/..%25%32%66secret"],
    ["/api/auth/..%25%35%63secret"],
    ["/api/auth/x/%25%35%43..%25%35%43secret"],
    ["/api/auth/%2%35%32%65%2%35%32%65/secret"],
    ["/api/auth/%25252525252e%25252525252e/secret"],
    ["/api/auth/.%09./secret"],
    ["/api/auth/%2%09e%2e/secret"],
    [`/api/auth/x%${"25".repeat(20)}41`],
    ["/api/auth/..%2fsecret%zz"],
    ["/api/auth/%zz/..%2F..%2fsecret"],
    [`/api/auth/..%${"25".repeat(2_000)}2fsecret`],
    ["/api/auth/x/..\\..\\..\\secret"],
    ["//evil.example/api/auth/echo"],
    ["/%2fevil.example/api/auth/echo"],
    ["/other/api/auth/echo"],
  ])("%s leads nowhere", async (path) => {
    const answer = await send(path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "NOT_FOUND" }]);
    expect(upstream.arrived).toEqual([]);
  });

  it.each([
    ["/api/auth//evil.example/x", "/api/auth//evil.example/x"],
    ["/api/auth/@evil.example/x", "/api/auth/@evil.example/x"],
    ["/api/auth/https://evil.example", "/api/auth/https://evil.example"],
    ["/api/auth/callback/a%2Fb", "/api/auth/callback/a%2Fb"],
    ["/api/auth/100%", "/api/auth/100%"],
    // Tokens and names of providers.
    ...[
      "reset-password/eyJhbGciOiJIUzI1NiJ9.e30.a-b_c",
      "reset-password/a%2Bb%2F..c%3D%3D",
      "reset-password/a%252Bb%253D",
      "reset-password/%252e%252e%252e",
      "callback/https%3A%2F%2Fidp.example%2Foidc%3Fa%3D1%252C2",
      "sso/saml2/sp/acs/caf%C3%A9%20%E2%9C%93",
      "callback/50%25",
      "callback/a%25252520b",
    ].map((path) => [`/api/auth/${path}`, `/api/auth/${path}`]),
    ["/api/auth/ok/", "/api/auth/ok"],
    ["/api/auth/v1.../x..y", "/api/auth/v1.../x..y"],
  ])("%s stays on the deployment", async (path, arrived) => {
    await send(path);
    expect(upstream.arrived.map(({ url }) => url)).toEqual([arrived]);
  });

  it("counts, and the host of the request does not", async () => {
    for (const host of ["http://evil.example", "http://localhost:1", "https://x.convex.site"])
      await serverWith().handler(new Request(`${host}/api/auth/echo`));
    expect(upstream.arrived).toHaveLength(3);
  });

  it("is below the app's own base path, on a site that has a path", async () => {
    upstream.on("/http/auth/echo", (response, arrived) => json(response, arrived));
    const options = { basePath: "/auth", convexSiteUrl: `${upstream.origin}/http` };
    expect((await send("/auth/echo", {}, options)).status).toBe(200);
    expect((await send("/api/auth/echo", {}, options)).status).toBe(404);
  });

  it("may be any with the root as base path, and stays on the deployment", async () => {
    const options = { basePath: "/" };
    await send("//evil.example/x", {}, options);
    await send("/x", {}, options);
    expect(upstream.arrived.map(({ url }) => url)).toEqual(["//evil.example/x", "/x"]);
  });
});

describe("an answer", () => {
  it("brings each cookie apart, as it was", async () => {
    const cookies = [
      "a=1; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
      "__Secure-b=2; Path=/; Secure; HttpOnly",
      "c=; Path=/; Max-Age=0",
    ];
    upstream.on("/api/auth/cookies", (response) =>
      json(response, {}, { headers: { "set-cookie": cookies } }),
    );
    expect((await send("/api/auth/cookies")).headers.getSetCookie()).toEqual(cookies);
  });

  it.each([302, 303, 307])("that leads elsewhere is not followed: %d", async (status) => {
    upstream.on("/api/auth/go", (response) => {
      response.writeHead(status, { location: "https://github.com/login", "set-cookie": "state=1" });
      response.end();
    });
    const answer = await send("/api/auth/go", { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      status,
      "https://github.com/login",
    ]);
    expect(answer.headers.getSetCookie()).toEqual(["state=1"]);
    expect(upstream.arrived).toHaveLength(1);
  });

  it.each<[string, number, string]>([
    ["GET", 204, "W/1"],
    ["GET", 304, "W/1"],
    ["HEAD", 200, "W/1"],
    ["HEAD", 404, "W/1"],
  ])("to %s with status %d has no body", async (method, status, etag) => {
    upstream.on("/api/auth/none", (response) => {
      response.writeHead(status, { etag, ...(status === 200 && { "content-length": "7" }) }).end();
    });
    const answer = await send("/api/auth/none", { method });
    expect([answer.status, answer.body, answer.headers.get("etag")]).toEqual([status, null, etag]);
  });

  it.each<[string, (text: string) => Buffer]>([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("that was compressed with %s is whole, and says so no more", async (encoding, pack) => {
    upstream.on("/api/auth/packed", (response) => {
      const body = pack('{"ok":true}');
      const headers = { "content-encoding": encoding, "content-length": String(body.length) };
      response.writeHead(200, { "content-type": "application/json", ...headers }).end(body);
    });
    const answer = await send("/api/auth/packed");
    expect(await answer.json()).toEqual({ ok: true });
    for (const name of ["content-encoding", "content-length", "transfer-encoding"])
      expect(answer.headers.has(name)).toBe(false);
  });

  it.each([
    [undefined, "private, no-store"],
    ["public, max-age=3600", "public, max-age=3600"],
  ])("that says %s to caches says %s", async (said, says) => {
    upstream.on("/api/auth/cached", (response) =>
      json(response, {}, { headers: said === undefined ? {} : { "cache-control": said } }),
    );
    expect((await send("/api/auth/cached")).headers.get("cache-control")).toBe(says);
  });

  it("brings nothing of the connection or the host it came over", async () => {
    upstream.on("/api/auth/hops", (response) => {
      const headers = { connection: "close, X-Hop", "x-hop": "1", "alt-svc": 'h3=":443"' };
      json(
        response,
        {},
        { headers: { ...headers, "strict-transport-security": "max-age=9", "x-ok": "1" } },
      );
    });
    const { headers } = await send("/api/auth/hops");
    const names = [...headers.keys()].filter((name) => name !== "date");
    expect(names.sort()).toEqual(["cache-control", "content-type", "x-ok"]);
  });

  it("comes twenty times in a row over connections that close", async () => {
    upstream.on("/api/auth/close", (response, { body }) =>
      json(response, { body }, { headers: { connection: "close" } }),
    );
    for (let turn = 0; turn < 20; turn += 1) {
      const body = JSON.stringify({ turn });
      const answer = await send("/api/auth/close", { method: "POST", body });
      expect([answer.status, await answer.json()]).toEqual([200, { body }]);
    }
    expect(upstream.arrived).toHaveLength(20);
  });
});

describe("a body", () => {
  const SIZE = 5 * 1024 * 1024;

  it("that comes in chunks goes on in chunks, and no length is made up", async () => {
    await send("/api/auth/echo", {
      method: "POST",
      body: streamOf(["{", '"a":', "1}"]),
      duplex: "half",
    } as RequestInit);
    expect(sent()).toMatchObject({ body: '{"a":1}', headers: { "transfer-encoding": "chunked" } });
    expect(sent()?.headers).not.toHaveProperty("content-length");
  });

  it("of 5 MB goes up and down whole", async () => {
    const bytes = randomBytes(SIZE);
    const digest = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
    upstream.on("/api/auth/bytes", (response, _, request) => void request.pipe(response), {
      raw: true,
    });
    const answer = await send("/api/auth/bytes", { method: "POST", body: bytes });
    expect(digest(new Uint8Array(await answer.arrayBuffer()))).toBe(digest(bytes));
  });

  it("is passed on as it comes, in both directions", async () => {
    // The deployment answers each part at once; the next one is sent only when that answer is here.
    upstream.on("/api/auth/talk", (response, _, request) => void request.pipe(response), {
      raw: true,
    });
    let push: (text: string) => void = () => undefined;
    let end: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        push = (text) => controller.enqueue(new TextEncoder().encode(text));
        end = () => controller.close();
      },
    });
    push("first");
    const answer = await send("/api/auth/talk", {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    const reader = answer.body!.getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe("first");
    push("second");
    expect(await next()).toBe("second");
    end();
    expect((await reader.read()).done).toBe(true);
  });

  it.each<[string, () => RequestInit]>([
    ["is whole", () => ({ body: '{"password":"wrong"}' })],
    ["comes in chunks", () => ({ body: streamOf(["{", "}"]), duplex: "half" }) as RequestInit],
  ])(
    "that %s may be answered with 401 where Node's fetch asks for another user then",
    async (_, init) => {
      const refused = { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" };
      upstream.on("/api/auth/sign-in/email", (response) =>
        json(response, refused, { status: 401 }),
      );
      const options = { fetch: fetchOfUndici724 };
      const answer = await send("/api/auth/sign-in/email", { method: "POST", ...init() }, options);
      expect([answer.status, await answer.json()]).toEqual([401, refused]);
    },
  );

  it("that nobody reads any more is not sent any more", async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    upstream.on("/api/auth/events", (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      response.on("close", () => closed());
    });
    const answer = await send("/api/auth/events");
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.cancel();
    await gone;
  });

  it("whose client leaves ends the deployment's work", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    let began: () => void = () => undefined;
    const here = new Promise<void>((resolve) => (began = resolve));
    upstream.on("/api/auth/slow", (response) => {
      response.on("close", () => closed());
      began();
    });
    const client = new AbortController();
    const answer = send("/api/auth/slow", { signal: client.signal });
    await here;
    client.abort();
    await gone;
    expect((await answer).status).toBe(499);
    expect(log).not.toHaveBeenCalled();
  });
});

describe("a deployment", () => {
  it("that cannot be reached is a 502 that clients can tell, and the log says no more than its host", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const options = { convexSiteUrl: "http://127.0.0.1:9" };
    const path = "/api/auth/reset-password/the-token";
    const answer = await send(path, { headers: { cookie: "secret=1" } }, options);
    expect([answer.status, await answer.json(), answer.headers.get("cache-control")]).toEqual([
      502,
      { code: "AUTH_UNAVAILABLE", message: "The deployment could not be reached." },
      "no-store",
    ]);
    const lines = log.mock.calls.flat().map(String);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("http://127.0.0.1:9");
    expect(lines[0]).not.toMatch(/the-token|secret/);
  });

  it("is told to the log once, until it has answered again", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    let isDown = true;
    const server = serverWith({
      fetch: (input, init) => (isDown ? Promise.reject(new Error("no route")) : fetch(input, init)),
    });
    const lines: number[] = [];
    for (const is of [true, true, false, true]) {
      isDown = is;
      log.mockClear();
      await server.handler(new Request(`${APP}/api/auth/echo`));
      lines.push(log.mock.calls.length);
    }
    expect(lines).toEqual([1, 0, 0, 1]);
  });

  it.each<[string, RequestInit]>([
    ["does not answer", {}],
    [
      "waits for a body that never ends",
      { method: "POST", body: endless(), duplex: "half" } as RequestInit,
    ],
  ])("that %s is a 504 after the time that the app gives", async (_, init) => {
    vi.spyOn(console, "error").mockReturnValue();
    upstream.on("/api/auth/never", () => undefined, { raw: true });
    const answer = await send("/api/auth/never", init, { proxy: { timeoutMs: 50 } });
    expect([answer.status, await answer.json()]).toMatchObject([504, { code: "AUTH_UNAVAILABLE" }]);
  });

  it("may take longer for its body than for its headers", async () => {
    upstream.on("/api/auth/long", (response) => {
      response.writeHead(200).write("a");
      setTimeout(() => response.end("b"), 120);
    });
    const answer = await send("/api/auth/long", {}, { proxy: { timeoutMs: 60 } });
    expect(await answer.text()).toBe("ab");
  });
});

/**
 * `fetch` of undici 7.24.4, which is in releases of Node 24: as a page's, it would ask its user for a name and a password after a 401
 * and send the body again, which a stream cannot be. It does so of requests with credentials (lib/web/fetch/index.js).
 */
const fetchOfUndici724: typeof fetch = async (input, init = {}) => {
  const answer = await fetch(input, init);
  const isAsked = answer.status === 401 && init.credentials !== "omit";
  if (isAsked && init.body instanceof ReadableStream)
    throw new TypeError("fetch failed", { cause: new Error("expected non-null body source") });
  return answer;
};

function streamOf(parts: string[]): ReadableStream<Uint8Array> {
  const rest = [...parts];
  return new ReadableStream({
    pull(controller) {
      const part = rest.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([1])) });
}
