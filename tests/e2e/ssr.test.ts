/** The core for rendering servers in front of the example's functions, on one origin, against the local host. */
import { fileURLToPath } from "node:url";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthServer, RequestAuth } from "../../js/ssr/index.js";
import { createAuthServer } from "../../js/ssr/index.js";
import type { Host } from "../host/index.js";
import { bundleOnce } from "../host/index.js";
import { keepCookie } from "./auth-session.js";
import { startLocalDeployment } from "./local-deployment.js";

const APP = "http://localhost:3000";
const JWT = "better-auth.convex_jwt";
const PASSWORD = "correct horse battery staple";
const list = makeFunctionReference<"query", Record<string, never>, { text: string }[]>(
  "todos:list",
);
const add = makeFunctionReference<"mutation", { text: string }, string>("todos:add");
const who = makeFunctionReference<"query", Record<string, never>, { email: string } | null>(
  "auth:getCurrentUser",
);
const inbox = makeFunctionReference<"query", { to: string }, { link: string }[]>("fakeMail:inbox");

let host: Host;
let server: AuthServer;
/** Paths that the deployment was asked for, in order. */
const asked: string[] = [];

beforeAll(async () => {
  const example = fileURLToPath(new URL("../../examples/react", import.meta.url));
  host = await startLocalDeployment({
    pushRequest: await bundleOnce(example),
    origin: APP,
    env: { ONE_ORIGIN: "on", SITE_URL: APP, BETTER_AUTH_URL: APP, FAKE_MAIL: "on" },
  });
  server = createAuthServer({
    convexUrl: host.url,
    convexSiteUrl: host.siteUrl,
    siteUrl: APP,
    fetch: (input, init) => {
      asked.push(new URL(String(input)).pathname);
      return fetch(input, init);
    },
  });
  // The first token of a deployment makes its key.
  await signedUp("first");
});
afterAll(() => host.close());
beforeEach(() => void asked.splice(0));

/** A browser before the app's server. */
interface Visitor {
  readonly jar: Map<string, string>;
  request(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** What a page of the app renders with. */
  page(from?: AuthServer): RequestAuth;
}

function visitor(jar = new Map<string, string>()): Visitor {
  const cookie = () => [...jar].map((pair) => pair.join("=")).join("; ");
  return {
    jar,
    async request(path, body, headers = { origin: APP }) {
      const sent = new Headers(headers);
      if (jar.size > 0) sent.set("cookie", cookie());
      if (body !== undefined && !sent.has("content-type"))
        sent.set("content-type", "application/json");
      const answer = await server.handler(
        new Request(`${APP}/api/auth${path}`, {
          method: body === undefined ? "GET" : "POST",
          headers: sent,
          ...(body !== undefined && {
            body: typeof body === "string" ? body : JSON.stringify(body),
          }),
        }),
      );
      for (const line of answer.headers.getSetCookie()) keepCookie(jar, line);
      return answer;
    },
    page: (from = server) => from.forRequest(new Headers({ cookie: cookie() })),
  };
}

async function signedUp(name: string): Promise<Visitor> {
  const person = visitor();
  const account = { name, email: `${name}@example.com`, password: PASSWORD };
  const answer = await person.request("/sign-up/email", account);
  if (answer.status !== 200) throw new Error(`sign-up answered ${String(answer.status)}`);
  return person;
}

describe("a page", () => {
  it("of somebody who just signed up is rendered with his data, and costs no request for a token", async () => {
    const ada = await signedUp("ada");
    expect([...ada.jar.keys()].sort()).toEqual([JWT, "better-auth.session_token"]);
    asked.length = 0;
    const page = ada.page();
    await page.fetchMutation(add, { text: "water the plants" });
    expect(await page.fetchQuery(list, {})).toMatchObject([{ text: "water the plants" }]);
    expect(await page.fetchQuery(who, {})).toMatchObject({ email: "ada@example.com" });
    expect([await page.isAuthenticated(), page.setCookies()]).toEqual([true, []]);
    expect(asked).toEqual(["/api/mutation", "/api/query", "/api/query"]);
  });

  it("opened an hour later costs one request, whose cookie spares the next", async () => {
    const eve = await signedUp("eve");
    eve.jar.delete(JWT);
    asked.length = 0;
    const page = eve.page();
    const [token] = await Promise.all([
      page.getToken(),
      page.fetchQuery(list, {}),
      page.getState(),
    ]);
    expect(asked).toEqual(["/api/auth/convex/token", "/api/query"]);
    for (const line of page.setCookies()) keepCookie(eve.jar, line);
    expect(eve.jar.get(JWT)).toBe(token);
    expect(await eve.page().getToken()).toBe(token);
    expect(asked).toHaveLength(2);
  });

  it("of nobody costs none", async () => {
    const page = visitor().page();
    expect(await page.getState()).toEqual({ session: "signedOut", token: null });
    expect(await page.fetchQuery(who, {})).toBeNull();
    expect(asked).toEqual(["/api/query"]);
  });

  it("of somebody who signed out is nobody's", async () => {
    const tom = await signedUp("tom");
    await tom.request("/sign-out", {});
    expect([...tom.jar.keys()]).toEqual([]);
    asked.length = 0;
    expect(await tom.page().getToken()).toBeNull();
    expect(asked).toEqual([]);
  });

  it("of somebody whose session was revoked elsewhere is nobody's, and his cookie goes", async () => {
    const bob = await signedUp("bob");
    const elsewhere = visitor();
    await elsewhere.request("/sign-in/email", { email: "bob@example.com", password: PASSWORD });
    await elsewhere.request("/revoke-other-sessions", {});
    // While the JWT cookie lives its function learns it at once; a fresh token is refused.
    await expect(bob.page().fetchQuery(list, {})).rejects.toMatchObject({
      data: { code: "UNAUTHENTICATED" },
    });
    const page = bob.page();
    expect(await page.getToken({ fresh: true })).toBeNull();
    for (const line of page.setCookies()) keepCookie(bob.jar, line);
    expect(bob.jar.has(JWT)).toBe(false);
    expect(await bob.page().getState()).toEqual({ session: "signedOut", token: null });
    expect(await elsewhere.page().isAuthenticated()).toBe(true);
  });

  it("with a token that Convex does not take is rendered with a fresh one", async () => {
    const kim = await signedUp("kim");
    const [head = "", body = ""] = (kim.jar.get(JWT) ?? "").split(".");
    kim.jar.set(JWT, `${head}.${body}.AAAA`);
    asked.length = 0;
    const page = kim.page();
    expect(await page.fetchQuery(who, {})).toMatchObject({ email: "kim@example.com" });
    await page.fetchMutation(add, { text: "once" });
    expect(await page.fetchQuery(list, {})).toHaveLength(1);
    expect(asked).toEqual([
      ...["/api/query", "/api/auth/convex/token", "/api/query"],
      ...["/api/mutation", "/api/query"],
    ]);
  });

  it("of a deployment that is down says so, and signs nobody out", async () => {
    const ann = await signedUp("ann");
    const down = createAuthServer({
      convexUrl: "http://127.0.0.1:9",
      convexSiteUrl: "http://127.0.0.1:9",
      siteUrl: APP,
    });
    ann.jar.delete(JWT);
    const page = ann.page(down);
    expect(await page.getState()).toEqual({ session: "unknown", token: null });
    await expect(page.fetchQuery(list, {})).rejects.toMatchObject({ code: "AUTH_UNAVAILABLE" });
    expect(page.setCookies()).toEqual([]);
    expect(await ann.page().isAuthenticated()).toBe(true);
  });
});

describe("what is passed on", () => {
  it("sends links that lead to the app, whoever asked under whatever name", async () => {
    await signedUp("mia");
    const forged = {
      origin: APP,
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
    };
    const wish = { email: "mia@example.com", redirectTo: "/new-password" };
    const answer = await server.handler(
      new Request("http://evil.example/api/auth/request-password-reset", {
        method: "POST",
        headers: { ...forged, "content-type": "application/json" },
        body: JSON.stringify(wish),
      }),
    );
    expect(answer.status).toBe(200);
    const [mail] = await visitor().page().fetchQuery(inbox, { to: wish.email });
    expect(mail?.link).toMatch(/^http:\/\/localhost:3000\/api\/auth\/reset-password\//);
    // The link itself is passed on, and its redirect leads to the app.
    const path = mail?.link.slice(`${APP}/api/auth`.length) ?? "";
    const opened = await visitor().request(path, undefined, {});
    expect([opened.status, opened.headers.get("location")]).toMatchObject([
      302,
      expect.stringMatching(/^http:\/\/localhost:3000\/new-password\?token=/),
    ]);
  });

  it("is Better Auth's own refusal, as it is", async () => {
    const body = { email: "nobody@example.com", password: PASSWORD };
    const answer = await visitor().request("/sign-in/email", body);
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { code: "INVALID_EMAIL_OR_PASSWORD" },
    ]);
  });

  it("is refused where another site sends it", async () => {
    const account = { email: "first@example.com", password: PASSWORD };
    for (const headers of [
      { origin: "https://evil.example" },
      {
        origin: "https://evil.example",
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
      },
    ]) {
      const answer = await visitor().request("/sign-in/email", account, headers);
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
    }
  });

  it("needs no origin from what is no browser, as without a server between", async () => {
    const account = { email: "first@example.com", password: PASSWORD };
    expect((await visitor().request("/sign-in/email", account, {})).status).toBe(200);
  });
});
