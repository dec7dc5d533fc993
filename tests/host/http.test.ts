import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixtureHost, Signer } from "./support/fixture-host.js";
import { createSigner, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;
let signer: Signer;

beforeAll(async () => {
  signer = await createSigner("ES256");
  host = await startFixture({ LOCAL_JWKS: signer.jwks });
});
afterAll(() => host.close());

const site = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(host.siteUrl + path, init);
const api = async (
  path: string,
  init: RequestInit = {},
): Promise<[status: number, body: unknown]> => {
  const response = await fetch(host.url + path, init);
  return [response.status, await response.json()];
};

describe("HTTP actions", () => {
  test("several cookies arrive as several", async () => {
    const response = await site("/cookies");
    expect(await response.text()).toBe("two cookies");
    expect(response.headers.getSetCookie()).toEqual([
      "a=1; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
      "b=2; HttpOnly",
    ]);
  });

  test("a large body goes in and out unchanged", async () => {
    const body = new Uint8Array(5_000_000).map((_, i) => i % 251);
    const response = await site("/echo", { method: "POST", body });
    expect(response.status).toBe(201);
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), Buffer.from(body))).toBe(0);
  });

  test("a redirect is left to the client", async () => {
    const response = await site("/away", { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/cookies"]);
  });

  test("one that fetches its own deployment is answered, also many at a time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => (await site("/relay/cookies")).text()),
    );
    expect(new Set(answers)).toEqual(new Set(["relayed two cookies"]));
  });

  test("paths without a route give 404, a throwing one 500 with the request's id", async () => {
    expect((await site("/nowhere")).status).toBe(404);
    expect((await site("/cookies", { method: "DELETE" })).status).toBe(404);
    const broken = await site("/broken", { headers: { "convex-request-id": "a1" } });
    expect([broken.status, await broken.json()]).toEqual([
      500,
      {
        code: "[Request ID: a1] Server Error: Uncaught Error: broken on purpose",
        trace: "Uncaught Error: broken on purpose",
      },
    ]);
    expect(host.lines.some((line) => line.includes("broken on purpose"))).toBe(true);
  });

  test("HEAD gives the headers of GET", async () => {
    const response = await site("/cookies", { method: "HEAD" });
    expect([
      response.status,
      response.headers.getSetCookie().length,
      await response.text(),
    ]).toEqual([200, 2, ""]);
  });

  test("a method that Convex does not route gives 405", async () => {
    expect((await site("/cookies", { method: "PROPFIND" })).status).toBe(405);
  });

  test("one slash too many in front is lost", async () => {
    expect(await (await site("//cookies")).text()).toBe("two cookies");
  });

  test("an answer of more than 20 MB cuts the connection", async () => {
    const response = await site("/large");
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  test("a promise that nobody awaits is dropped when the action answers", async () => {
    expect(await (await site("/floating")).text()).toBe("answered");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sent = { path: "messages:list", args: { room: "floating" } };
    const answer = await api("/api/query", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sent),
    });
    expect(answer).toEqual([200, { status: "success", value: ["awaited"] }]);
  });

  test("headers say where a request came from and which it is", async () => {
    const seen = async (headers: Record<string, string> = {}): Promise<unknown> =>
      (await site("/seen", { headers })).json();
    const token = await signer.sign({ sub: "ada" });
    expect(await seen({ "user-agent": "a test", authorization: `Bearer ${token}` })).toMatchObject({
      url: `${host.siteUrl}/seen`,
      requestId: expect.stringMatching(/^[\da-f]{16}$/) as unknown,
      metadata: { ip: "127.0.0.1", userAgent: "a test", authToken: token },
      sameId: true,
    });
    const forged = {
      "x-forwarded-host": "elsewhere.example",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "nonsense, 203.0.113.9",
      "convex-request-id": "mine",
    };
    expect(await seen(forged)).toMatchObject({
      url: "https://elsewhere.example/seen",
      requestId: "mine",
      metadata: { ip: "nonsense" },
    });
  });

  test("they are served below /http of the other origin too", async () => {
    const { url } = (await (await fetch(`${host.url}/http/seen`)).json()) as { url: string };
    expect(url).toBe(`${host.url}/seen`);
  });
});

describe("identity in HTTP actions", () => {
  const who = async (authorization?: string): Promise<unknown> => {
    const response = await site(
      "/who",
      authorization === undefined ? {} : { headers: { authorization } },
    );
    return ((await response.json()) as { identity: unknown }).identity;
  };

  test("none without a header, the token's with one", async () => {
    expect(await who()).toBeNull();
    expect(await who(`Bearer ${await signer.sign({ sub: "ada" })}`)).toMatchObject({
      subject: "ada",
    });
  });

  test("a foreign bearer token refuses nothing until the identity is asked for", async () => {
    expect(await who("Bearer some-session-token")).toMatch(/^threw .*Could not parse JWT payload/);
    expect(await who("Basic YTpi")).toMatch(/^threw .*Invalid admin key/);
    expect(await who("Bearer")).toMatch(/^threw .*Invalid authentication header/);
  });
});

describe("the HTTP API", () => {
  const call = (
    kind: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<[number, unknown]> =>
    api(`/api/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ format: "convex_encoded_json", ...body }),
    });

  test("answers queries by POST and GET", async () => {
    const args = { room: "api" };
    // Without log lines there is no list of them.
    const answer = [200, { status: "success", value: [] }];
    expect(await call("query", { path: "messages:list", args: [args] })).toEqual(answer);
    const search = new URLSearchParams({ path: "messages:list", args: JSON.stringify(args) });
    expect(await api(`/api/query?${search.toString()}`)).toEqual(answer);
  });

  test("a function's own error is a 200 that names the request", async () => {
    const failing = { path: "messages:sendAndFail", args: [{ room: "api" }] };
    const answer = await call("mutation", failing, { "convex-request-id": "0123456789abcdef" });
    const errorMessage = expect.stringMatching(
      /^\[Request ID: 0123456789abcdef\] Server Error\nUncaught ConvexError: /,
    ) as unknown;
    const errorData = { code: "REFUSED", at: { $integer: "BwAAAAAAAAA=" } };
    expect(answer).toEqual([200, { status: "error", errorMessage, errorData }]);
    expect(await call("query", { path: "messages:nothing", args: [{}] })).toMatchObject([
      200,
      { errorMessage: expect.stringMatching(/\nCould not find public function for '/) as unknown },
    ]);
  });

  test.each([
    ["no content type", "{}", {}, /Content-Type: application\/json/],
    ["not json", "{", { "content-type": "application/json" }, /Failed to parse/],
    ["no path", "{}", { "content-type": "application/json" }, /missing field `path`/],
  ])("%s gives 400", async (_name, body, headers, message) => {
    const [status, answer] = await api("/api/query", { method: "POST", body, headers });
    expect([status, answer]).toEqual([
      400,
      { code: "BadJsonBody", message: expect.stringMatching(message) as unknown },
    ]);
  });

  test("/api/function is for admins", async () => {
    const hidden = { path: "messages:hidden", args: [{}] };
    const refused = [403, { code: "BadDeployKey", message: expect.any(String) as unknown }];
    expect(await call("function", hidden)).toEqual(refused);
    expect(await call("function", hidden, { authorization: "Convex another|key" })).toEqual(
      refused,
    );
    const key = { authorization: `Convex ${host.adminKey}` };
    expect(await call("function", hidden, key)).toEqual([200, { status: "success", value: null }]);
  });

  test("a consistent query is given a timestamp first", async () => {
    const [status, body] = await api("/api/query_ts", { method: "POST" });
    expect(status).toBe(200);
    const { ts } = body as { ts: string };
    expect(Buffer.from(ts, "base64")).toHaveLength(8);
    const at = await call("query_at_ts", { path: "messages:list", args: [{ room: "api" }], ts });
    expect(at[0]).toBe(200);
  });

  test("a bad token is refused before the function runs", async () => {
    host.metrics.reset();
    const answer = await call(
      "query",
      { path: "messages:whoAmI", args: [{}] },
      { authorization: "Bearer nonsense" },
    );
    expect(answer).toMatchObject([401, { code: "InvalidAuthHeader" }]);
    expect(host.metrics.snapshot().calls).toEqual([]);
  });

  test("any origin may call it", async () => {
    const response = await fetch(`${host.url}/api/query`, {
      method: "OPTIONS",
      headers: { origin: "http://a.example", "access-control-request-headers": "x-mine" },
    });
    expect([response.status, Object.fromEntries(response.headers)]).toMatchObject([
      200,
      {
        "access-control-allow-origin": "http://a.example",
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": "x-mine",
        vary: "origin, access-control-request-method, access-control-request-headers",
      },
    ]);
  });

  test("/ and /version answer, unknown paths give 404", async () => {
    expect((await fetch(host.url)).status).toBe(200);
    expect((await fetch(`${host.url}/version`)).status).toBe(200);
    expect((await fetch(`${host.url}/api/unknown`)).status).toBe(404);
  });
});
