/**
 * The bundle of the entry, with Convex's client, in a runtime of edge servers: it has Request, Response and WebCrypto, and
 * nothing of Node, so that whatever of Node the code used would throw.
 */
import { fileURLToPath } from "node:url";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { readClientIp } from "../../js/utils/client-ip-header.js";
import { tokenOf } from "./support/tokens.js";

const SITE = "https://happy-otter-123.convex.site";
const SECRET = "what-the-server-and-the-deployment-share";
const token = tokenOf(SITE, 900);
let vm: EdgeVM;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../js/ssr/index.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "ssr",
    // As bundlers for workers resolve: neither Node's nor a browser's build.
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["worker", "import"],
  });
  const code = outputFiles[0]?.text ?? "";
  expect(code).not.toMatch(/from "node:|require\(/);
  vm = new EdgeVM({ initialCode: code });
  vm.evaluate(`
    const arrived = [];
    // A deployment without a network: the runtime of the test can reach none.
    const answer = async (input, init) => {
      const request = new Request(input, init);
      const { url, headers } = request;
      const seen = { url, headers: Object.fromEntries(headers), body: await request.text() };
      arrived.push(seen);
      const answers = { token: ${JSON.stringify(token)}, status: "success", value: "tea", echo: seen.body };
      const response = new Response(JSON.stringify(answers), { headers: { "content-type": "application/json" } });
      response.headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
      response.headers.append("set-cookie", "b=2");
      return response;
    };
    const server = ssr.createAuthServer({
      convexUrl: "https://happy-otter-123.convex.cloud",
      convexSiteUrl: ${JSON.stringify(SITE)},
      siteUrl: "https://app.example.com",
      proxy: { secret: ${JSON.stringify(SECRET)} },
      fetch: answer,
    });
  `);
}, 30_000);

/** Runs the body of an async function there; what it gives comes back as JSON. */
async function there<T>(body: string): Promise<T> {
  return JSON.parse(
    await vm.evaluate<Promise<string>>(
      `(async () => JSON.stringify(await (async () => {${body}})()))()`,
    ),
  ) as T;
}

describe("in a runtime without Node", () => {
  it("there is nothing of it", async () => {
    expect(await there(`return [typeof process, typeof Buffer, typeof require]`)).toEqual(
      Array(3).fill("undefined"),
    );
  });

  it("a token is asked for once, cookies are kept apart, and a function is called with it", async () => {
    const seen = await there<{
      answers: unknown[];
      cookies: string[];
      urls: string[];
      as: string;
    }>(`
      arrived.length = 0;
      const auth = server.forRequest(new Headers({ cookie: "__Secure-better-auth.session_token=t.s" }));
      const query = { [Symbol.for("functionName")]: "todos:list" };
      const answers = await Promise.all([auth.getToken(), auth.isAuthenticated(), auth.fetchQuery(query, {})]);
      const urls = arrived.map(({ url }) => url);
      return { answers, cookies: auth.setCookies(), urls, as: arrived.at(-1).headers.authorization };
    `);
    expect(seen.answers).toEqual([token, true, "tea"]);
    expect(seen.cookies).toHaveLength(2);
    expect(seen.urls).toEqual([
      `${SITE}/api/auth/convex/token`,
      "https://happy-otter-123.convex.cloud/api/query",
    ]);
    expect(seen.as).toBe(`Bearer ${token}`);
  });

  it("a request is passed on with its body and its visitor", async () => {
    const seen = await there<{
      status: number;
      cookies: string[];
      arrived: { url: string; headers: Record<string, string>; body: string };
    }>(`
      arrived.length = 0;
      const request = new Request("https://app.example.com/api/auth/sign-in/email", {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-host": "evil.example" },
        body: '{"a":1}',
      });
      const response = await server.handler(request, { clientIp: "2001:db8::1" });
      return { status: response.status, cookies: response.headers.getSetCookie(), arrived: arrived[0] };
    `);
    expect(seen.status).toBe(200);
    expect(seen.cookies).toHaveLength(2);
    expect(seen.arrived).toMatchObject({ url: `${SITE}/api/auth/sign-in/email`, body: '{"a":1}' });
    expect(seen.arrived.headers).not.toHaveProperty("x-forwarded-host");
    const said = seen.arrived.headers["x-gate-client-ip"] ?? "";
    expect(await readClientIp(said, SECRET)).toBe("2001:db8::1");
  });
});
