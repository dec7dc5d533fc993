/** The kit on a server: one visitor's auth through one request of Start, over a real deployment's stand-in. */
import {
  createServerEntry,
  getResponseHeader,
  setResponseHeader,
} from "@tanstack/react-start/server";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createServerAuth } from "../../../js/tanstack-start/server-auth.js";
import type { StartAuth } from "../../../js/tanstack-start/types.js";
import { createBrowserAuth } from "../../../js/tanstack-start/browser-auth.js";
import { quiet } from "../support/quiet.js";
import { tokenOf } from "../support/tokens.js";
import type { Upstream } from "../support/upstream.js";
import { json, startUpstream } from "../support/upstream.js";

const SITE = "http://localhost:3000";
let upstream: Upstream;
let auth: StartAuth;

beforeEach(async () => {
  upstream = await startUpstream();
  auth = createServerAuth({
    // The stand-in is both, which no deployment is.
    convexUrl: upstream.origin.replace("127.0.0.1", "localhost"),
    convexSiteUrl: upstream.origin,
    siteUrl: SITE,
  });
  // The user's name is that of the session cookie.
  upstream.on("/api/auth/convex/token", (response, { headers }) => {
    const name = /session_token=(\w+)/.exec(String(headers.cookie))?.[1] ?? "";
    json(
      response,
      { token: tokenOf(upstream.origin, 900, { sub: name }) },
      { headers: { "set-cookie": [`better-auth.convex_jwt=of-${name}; Path=/; HttpOnly`] } },
    );
  });
});
afterEach(() => upstream[Symbol.asyncDispose]());

/** Runs something within a request of Start, and gives what it gave, and the cookies that the response got. */
async function during<T>(
  cookie: string,
  work: () => Promise<T>,
): Promise<{ result: T; cookies: string[] }> {
  let outcome: { result: T; cookies: string[] } | undefined;
  const { fetch } = createServerEntry({
    fetch: async () => {
      const result = await work();
      const cookies = getResponseHeader("set-cookie");
      outcome = { result, cookies: cookies === undefined ? [] : [cookies].flat() };
      return new Response();
    },
  });
  await fetch(new Request(SITE, { headers: { cookie } }));
  return outcome!;
}

function context() {
  const tokens: string[] = [];
  const serverHttpClient = { setAuth: (token: string) => void tokens.push(token) };
  return { tokens, context: { convexQueryClient: { serverHttpClient } } };
}

const subjectOf = (token: string | null): unknown =>
  token === null
    ? null
    : (JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { sub: string })
        .sub;

it("a page with a token, or an answer with data, is not kept by anybody, unless the app says how", async () => {
  const cookie = `better-auth.session_token=ada; better-auth.convex_jwt=${tokenOf(upstream.origin, 900)}`;
  const kept = async () => {
    await auth.rootAuth({});
    return getResponseHeader("cache-control");
  };
  expect((await during(cookie, kept)).result).toBe("private, no-store");
  expect((await during("", kept)).result).toBeUndefined();
  const answer = async () => {
    await auth.getToken();
    return getResponseHeader("cache-control");
  };
  expect((await during(cookie, answer)).result).toBe("private, no-store");
  const own = await during(cookie, () => {
    setResponseHeader("cache-control", "private, max-age=5");
    return kept();
  });
  expect(own.result).toBe("private, max-age=5");
});

it("functions of Convex run as the visitor", async () => {
  const called: unknown[] = [];
  for (const kind of ["query", "mutation", "action"])
    upstream.on(`/api/${kind}`, (response, { headers, body }) => {
      const { path, args } = JSON.parse(body) as { path: string; args: unknown };
      called.push([kind, path, args, subjectOf(String(headers.authorization).slice(7))]);
      json(response, { status: "success", value: `answer of ${kind}`, logLines: [] });
    });
  const { result, cookies } = await during("better-auth.session_token=ada", () =>
    Promise.all([
      auth.fetchAuthQuery(makeFunctionReference<"query">("notes:list"), { of: 1 }),
      auth.fetchAuthMutation(makeFunctionReference<"mutation">("notes:add"), { of: 2 }),
      auth.fetchAuthAction(makeFunctionReference<"action">("notes:send"), { of: 3 }),
    ]),
  );
  expect(result).toEqual(["answer of query", "answer of mutation", "answer of action"]);
  expect(called.sort()).toEqual([
    ["action", "notes:send", [{ of: 3 }], "ada"],
    ["mutation", "notes:add", [{ of: 2 }], "ada"],
    ["query", "notes:list", [{ of: 1 }], "ada"],
  ]);
  expect(upstream.arrived.filter(({ url }) => url.startsWith("/api/auth"))).toHaveLength(1);
  expect(cookies).toHaveLength(1);
});

describe("rootAuth", () => {
  it("asks once for all that a request asks, and puts the cookie on its response once", async () => {
    const { tokens, context: given } = context();
    const { result, cookies } = await during("better-auth.session_token=ada", async () => {
      const [root, token, is] = await Promise.all([
        auth.rootAuth({ context: given }),
        auth.getToken(),
        auth.isAuthenticated(),
      ]);
      return { root, token, is, again: await auth.getState() };
    });
    expect(result.root).toEqual({ auth: { session: "signedIn", token: result.token } });
    expect(result.again).toEqual(result.root.auth);
    expect(result.is).toBe(true);
    expect(tokens).toEqual([result.token]);
    expect(upstream.arrived).toHaveLength(1);
    expect(cookies).toEqual(["better-auth.convex_jwt=of-ada; Path=/; HttpOnly"]);
  });

  it("asks nothing while the cookie's token lives, and nothing without a session", async () => {
    const token = tokenOf(upstream.origin, 900);
    const signedIn = await during(
      `better-auth.session_token=ada; better-auth.convex_jwt=${token}`,
      () => auth.rootAuth({}),
    );
    expect(signedIn).toEqual({ result: { auth: { session: "signedIn", token } }, cookies: [] });
    const { tokens, context: given } = context();
    const nobody = await during("", () => auth.rootAuth({ context: given }));
    expect(nobody.result).toEqual({ auth: { session: "signedOut", token: null } });
    expect(tokens).toEqual([]);
    expect(upstream.arrived).toEqual([]);
  });

  it("where the deployment gives no answer the page is rendered, and nobody is signed out", async () => {
    quiet();
    upstream.on("/api/auth/convex/token", (response) => json(response, {}, { status: 503 }));
    const { tokens, context: given } = context();
    const { result, cookies } = await during("better-auth.session_token=ada", () =>
      auth.rootAuth({ context: given }),
    );
    expect(result).toEqual({ auth: { session: "unknown", token: null } });
    expect([tokens, cookies]).toEqual([[], []]);
    await during("better-auth.session_token=ada", () =>
      expect(auth.getToken()).rejects.toMatchObject({ code: "AUTH_UNAVAILABLE" }),
    );
  });

  it("requests that overlap are of different visitors", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `user${String(index)}`);
    const seen = await Promise.all(
      names.map(async (name) => {
        const { tokens, context: given } = context();
        const { cookies } = await during(`better-auth.session_token=${name}`, async () => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
          await auth.rootAuth({ context: given });
          return auth.getToken();
        });
        return [subjectOf(tokens[0]!), cookies];
      }),
    );
    expect(seen).toEqual(
      names.map((name) => [name, [`better-auth.convex_jwt=of-${name}; Path=/; HttpOnly`]]),
    );
    expect(upstream.arrived).toHaveLength(names.length);
  });
});

it("an app starts without its variables; the first request names the one that is missing", async () => {
  const without = createServerAuth({
    convexUrl: "https://happy-otter-123.convex.cloud",
    convexSiteUrl: undefined as unknown as string,
    siteUrl: SITE,
  });
  await during("", () =>
    expect(without.rootAuth({})).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("convexSiteUrl") as string,
    }),
  );
});

it("in a browser only rootAuth works, and the others say how to call them", async () => {
  const inBrowser = createBrowserAuth();
  expect(await inBrowser.rootAuth({})).toEqual({ auth: { session: "unknown", token: null } });
  for (const call of [inBrowser.getToken, inBrowser.getState, inBrowser.isAuthenticated])
    await expect(call()).rejects.toMatchObject({
      code: "WRONG_CONTEXT",
      message: expect.stringContaining("createServerFn") as string,
    });
});
