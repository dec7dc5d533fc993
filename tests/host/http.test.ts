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

  test("paths without a route give 404, a throwing one 500", async () => {
    expect((await site("/nowhere")).status).toBe(404);
    expect((await site("/cookies", { method: "DELETE" })).status).toBe(404);
    expect((await site("/broken")).status).toBe(500);
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

  test("they are served below /http of the other origin too", async () => {
    expect(await (await fetch(`${host.url}/http/cookies`)).text()).toBe("two cookies");
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
    expect(await who("Bearer some-session-token")).toMatch(/^threw .*token/i);
  });
});

describe("the HTTP API", () => {
  const call = (
    kind: string,
    body: object,
    headers: HeadersInit = {},
  ): Promise<[number, unknown]> =>
    api(`/api/${kind}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ format: "convex_encoded_json", ...body }),
    });

  test("answers queries by POST and GET", async () => {
    const args = { room: "api" };
    const answer = [200, { status: "success", value: [], logLines: [] }];
    expect(await call("query", { path: "messages:list", args: [args] })).toEqual(answer);
    expect(await call("function", { path: "messages:list", args: [args] })).toEqual(answer);
    const search = new URLSearchParams({ path: "messages:list", args: JSON.stringify(args) });
    expect(await api(`/api/query?${search.toString()}`)).toEqual(answer);
  });

  test("a function's own error has Convex's status", async () => {
    const [status, body] = await call("mutation", {
      path: "messages:sendAndFail",
      args: [{ room: "api" }],
    });
    expect(status).toBe(560);
    expect(body).toMatchObject({
      status: "error",
      errorData: { code: "REFUSED", at: { $integer: "BwAAAAAAAAA=" } },
    });
  });

  test.each([
    ["not json", "{"],
    ["no path", "{}"],
  ])("%s gives 400", async (_name, body) => {
    expect((await fetch(`${host.url}/api/query`, { method: "POST", body })).status).toBe(400);
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
    expect(answer[0]).toBe(401);
    expect(host.metrics.snapshot().calls).toEqual([]);
  });

  test("any origin may call it", async () => {
    const response = await fetch(`${host.url}/api/query`, {
      method: "OPTIONS",
      headers: { origin: "http://a.example" },
    });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      204,
      "*",
    ]);
  });

  test("/version answers, unknown paths give 404", async () => {
    expect((await fetch(`${host.url}/version`)).status).toBe(200);
    expect((await fetch(`${host.url}/api/unknown`)).status).toBe(404);
  });
});
