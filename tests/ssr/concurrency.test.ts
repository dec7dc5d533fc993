/** One server, many users at once: what belongs to whom. */
import { setTimeout as sleep } from "node:timers/promises";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { AuthServer } from "../../js/ssr/index.js";
import { createAuthServer } from "../../js/ssr/index.js";
import { cookiesOf, tokenOf } from "./support/tokens.js";
import type { Upstream } from "./support/upstream.js";
import { json, startUpstream } from "./support/upstream.js";

const USERS = 10;
const REQUESTS = 200;
const me = makeFunctionReference<"query", Record<string, never>, string>("users:me");
const save = makeFunctionReference<"mutation", Record<string, never>, string>("users:save");
const userOf = (request: number) => `user${String(request % USERS)}`;
let upstream: Upstream;
let server: AuthServer;
const subjectOf = (token: string) =>
  (JSON.parse(atob(token.split(".")[1] ?? "")) as { sub: string }).sub;

beforeAll(async () => {
  upstream = await startUpstream();
  // Answers come in another order than questions: the later a request of ten, the sooner its answer.
  let turn = 0;
  const shuffled = () => sleep(((turn += 1) % 10) * -3 + 30);
  upstream.on("/api/auth/convex/token", async (response, { headers }) => {
    const user = /session_token=(\w+)\./.exec(headers.cookie ?? "")?.[1] ?? "";
    await shuffled();
    const token = tokenOf(upstream.origin, 900, { sub: user });
    json(response, { token }, { headers: { "set-cookie": `better-auth.convex_jwt=${token}` } });
  });
  for (const kind of ["query", "mutation"])
    upstream.on(`/api/${kind}`, async (response, { headers }) => {
      await shuffled();
      const token = headers.authorization?.slice(7) ?? "";
      // Every third user's first token is one that Convex no longer takes.
      if (token.endsWith("b2xk"))
        return json(response, { code: "Unauthenticated" }, { status: 401 });
      json(response, { status: "success", value: subjectOf(token), logLines: [] });
    });
  upstream.on("/api/auth/whoami", async (response, { headers, body }) => {
    await shuffled();
    json(response, { cookie: headers.cookie, body }, { headers: { "set-cookie": `mine=${body}` } });
  });
  server = createAuthServer({
    convexUrl: upstream.origin,
    convexSiteUrl: upstream.origin,
    siteUrl: "http://localhost:3000",
  });
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => (upstream.arrived.length = 0));

const counted = (path: string) => upstream.arrived.filter(({ url }) => url.startsWith(path)).length;
const all = Array.from({ length: REQUESTS }, (_, index) => index);

it(`${REQUESTS} requests of ${USERS} users each get their own user's token, functions and cookies`, async () => {
  const seen = await Promise.all(
    all.map(async (request) => {
      const user = userOf(request);
      const auth = server.forRequest(cookiesOf({ "better-auth.session_token": `${user}.s` }));
      const [token, asked, saved] = await Promise.all([
        auth.getToken(),
        auth.fetchQuery(me, {}),
        auth.fetchMutation(save, {}),
      ]);
      const cookie = auth.setCookies().map((each) => subjectOf(each.split("=")[1] ?? ""));
      return { user, who: [subjectOf(token ?? ""), asked, saved, ...cookie] };
    }),
  );
  for (const { user, who } of seen) expect(who).toEqual([user, user, user, user]);
  expect(counted("/api/auth/convex/token")).toBe(REQUESTS);
  expect([counted("/api/query"), counted("/api/mutation")]).toEqual([REQUESTS, REQUESTS]);
});

it("nor do those whose cookies have a token, of which some are refused", async () => {
  const isRefused = (request: number) => request % 3 === 0;
  const seen = await Promise.all(
    all.map(async (request) => {
      const user = userOf(request);
      const token = tokenOf(upstream.origin, 800, { sub: user });
      const jwt = isRefused(request) ? token.replace(/[^.]+$/, "b2xk") : token;
      const auth = server.forRequest(
        cookiesOf({ "better-auth.session_token": `${user}.s`, "better-auth.convex_jwt": jwt }),
      );
      const first = await auth.fetchQuery(me, {});
      return { user, who: [first, subjectOf((await auth.getToken()) ?? "")] };
    }),
  );
  for (const { user, who } of seen) expect(who).toEqual([user, user]);
  const refused = all.filter(isRefused).length;
  expect(counted("/api/auth/convex/token")).toBe(refused);
  expect(counted("/api/query")).toBe(REQUESTS + refused);
});

it("and what is passed on brings back what was its own", async () => {
  const seen = await Promise.all(
    all.map(async (request) => {
      const cookie = `better-auth.session_token=${userOf(request)}.s`;
      const answer = await server.handler(
        new Request("http://localhost:3000/api/auth/whoami", {
          method: "POST",
          headers: { cookie },
          body: String(request),
        }),
      );
      const mine = answer.headers.getSetCookie();
      return { expected: { cookie, body: String(request) }, got: await answer.json(), mine };
    }),
  );
  for (const { expected, got, mine } of seen) {
    expect(got).toEqual(expected);
    expect(mine).toEqual([`mine=${expected.body}`]);
  }
  expect(counted("/api/auth/whoami")).toBe(REQUESTS);
});
