/** Functions that a rendering server calls: as whom, how often, and when again. */
import type { FunctionReference } from "convex/server";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import type { ServerResponse } from "node:http";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  expectTypeOf,
  it,
  vi,
} from "vitest";
import type { RequestAuth } from "../../js/ssr/index.js";
import { createAuthServer } from "../../js/ssr/index.js";
import { quiet } from "./support/quiet.js";
import { cookiesOf, tokenOf } from "./support/tokens.js";
import type { Upstream } from "./support/upstream.js";
import { json, startUpstream } from "./support/upstream.js";

type Kind = "query" | "mutation" | "action";
const KINDS: Kind[] = ["query", "mutation", "action"];
const list = makeFunctionReference<"query", { of: string }, string[]>("todos:list");
const me = makeFunctionReference<"query", Record<string, never>, string | null>("users:me");
const add = makeFunctionReference<"mutation", { text: string }, number>("todos:add");
const mail = makeFunctionReference<"action", { to: string }, null>("mails:send");

let upstream: Upstream;
let held: string;
let fresh: string;
/** What Convex answers, by the token that is sent. */
let answers: Map<string | undefined, { status: number; body: unknown }>;
const OK = { status: 200, body: { status: "success", value: ["tea"], logLines: [] } };
/** As Convex writes it: the body of an error of its own, before any function is looked up. */
const REFUSED = {
  status: 401,
  body: { code: "Unauthenticated", message: "Could not verify OIDC token claim" },
};

beforeAll(async () => {
  upstream = await startUpstream();
  for (const kind of KINDS)
    upstream.on(`/api/${kind}`, (response, { headers }) => {
      const { status, body } = answers.get(headers.authorization?.slice(7)) ?? OK;
      json(response, body, { status });
    });
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  upstream.arrived.length = 0;
  held = tokenOf(upstream.origin, 800);
  fresh = tokenOf(upstream.origin, 900);
  answers = new Map();
  upstream.on("/api/auth/convex/token", (response) => json(response, { token: fresh }));
});

function auth(cookies: Record<string, string> = session()): RequestAuth {
  const { origin } = upstream;
  const server = createAuthServer({
    convexUrl: origin,
    convexSiteUrl: origin,
    siteUrl: "http://localhost:3000",
  });
  return server.forRequest(cookiesOf(cookies));
}
const session = () => ({
  "better-auth.session_token": "t.s",
  "better-auth.convex_jwt": held,
});
const run = (who: RequestAuth, kind: Kind): Promise<unknown> =>
  kind === "query"
    ? who.fetchQuery(list, { of: "ada" })
    : kind === "mutation"
      ? who.fetchMutation(add, { text: "tea" })
      : who.fetchAction(mail, { to: "ada" });
/** Each request in the order in which it arrived: what was asked, and with which token. */
const asked = () =>
  upstream.arrived.map(({ url, headers }) => {
    const token = headers.authorization?.slice(7);
    const name = token === held ? "held" : token === fresh ? "fresh" : "none";
    return url.startsWith("/api/auth") ? "token" : `${url.slice(5)} ${name}`;
  });

describe.each(KINDS)("a %s", (kind) => {
  it("is one request, as the user", async () => {
    expect(await run(auth(), kind)).toEqual(["tea"]);
    expect(asked()).toEqual([`${kind} held`]);
  });

  it("is nobody's without a session", async () => {
    expect(await run(auth({}), kind)).toEqual(["tea"]);
    expect(asked()).toEqual([`${kind} none`]);
  });

  it("whose token Convex refuses is asked for once more, with a fresh one", async () => {
    answers.set(held, REFUSED);
    expect(await run(auth(), kind)).toEqual(["tea"]);
    expect(asked()).toEqual([`${kind} held`, "token", `${kind} fresh`]);
  });

  it("is refused where the fresh token is refused, too", async () => {
    answers.set(held, REFUSED).set(fresh, REFUSED);
    await expect(run(auth(), kind)).rejects.toThrow("Could not verify");
    expect(asked()).toEqual([`${kind} held`, "token", `${kind} fresh`]);
  });

  it("is nobody's where the session turns out to be over", async () => {
    upstream.on("/api/auth/convex/token", (response) =>
      json(response, { code: "UNAUTHENTICATED" }, { status: 401 }),
    );
    answers.set(held, REFUSED);
    const who = auth();
    expect(await run(who, kind)).toEqual(["tea"]);
    expect(asked()).toEqual([`${kind} held`, "token", `${kind} none`]);
    expect(await who.getState()).toEqual({ session: "signedOut", token: null });
  });

  it("is not run as nobody where that is not known", async () => {
    quiet();
    upstream.on("/api/auth/convex/token", (response) => json(response, {}, { status: 503 }));
    answers.set(held, REFUSED);
    for (const who of [auth(), auth({ "better-auth.session_token": "t.s" })])
      await expect(run(who, kind)).rejects.toMatchObject({ code: "AUTH_UNAVAILABLE" });
    expect(asked()).toEqual([`${kind} held`, "token", "token"]);
  });

  const thrown = (data?: unknown) => ({
    status: 560,
    body: { status: "error", errorMessage: "Unauthenticated", errorData: data, logLines: [] },
  });
  it.each<[string, { status: number; body: unknown }]>([
    ["the app's own UNAUTHENTICATED", thrown({ code: "UNAUTHENTICATED", message: "No user" })],
    ["an error of a function that says so", thrown()],
    ["no permission", { status: 403, body: { code: "Forbidden" } }],
    ["too many requests", { status: 429, body: { code: "TooManyConcurrentRequests" } }],
    ["a failure of Convex", { status: 500, body: { code: "InternalServerError" } }],
    ["an overload", { status: 503, body: { code: "Overloaded" } }],
  ])("is not run again after %s", async (_, answer) => {
    answers.set(held, answer);
    const code = [500, 503].includes(answer.status) ? "AUTH_UNAVAILABLE" : undefined;
    const error: unknown = await run(auth(), kind).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as { code?: string }).code).toBe(code);
    expect(asked()).toEqual([`${kind} held`]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["is lost", (response) => response.destroy()],
    [
      "is cut off",
      (response) => response.writeHead(200).write('{"status":"success",', () => response.destroy()),
    ],
    ["is a page of a proxy", (response) => response.writeHead(200).end("<!doctype html>")],
  ])("is not run again when its answer %s", async (_, answer) => {
    await using lost = await startUpstream();
    let runs = 0;
    lost.on(`/api/${kind}`, (response) => {
      runs += 1;
      answer(response);
    });
    const server = createAuthServer({
      convexUrl: lost.origin,
      convexSiteUrl: upstream.origin,
      siteUrl: "http://localhost:3000",
    });
    await expect(run(server.forRequest(cookiesOf(session())), kind)).rejects.toMatchObject({
      code: "AUTH_UNAVAILABLE",
    });
    expect([runs, asked()]).toEqual([1, []]);
  });
});

describe("a deployment that never answers", () => {
  afterEach(() => vi.useRealTimers());

  const bodyless: typeof fetch = (_, init) =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          start: (body) =>
            init?.signal?.addEventListener("abort", () => body.error(new Error("aborted"))),
        }),
      ),
    );
  const hanging: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
    });

  it.each<[Kind, number, string, typeof fetch]>([
    ["query", 10_000, "at all", hanging],
    ["query", 10_000, "with a body", bodyless],
    ["mutation", 30_000, "at all", hanging],
    ["action", 660_000, "at all", hanging],
  ])("%s: is waited for %i ms, where it does not %s", async (kind, ms, _, own) => {
    // `convex/browser` is loaded with the first call, which is no matter of these timers.
    await import("convex/browser");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let sent = 0;
    const { origin } = upstream;
    const server = createAuthServer({
      convexUrl: origin,
      convexSiteUrl: origin,
      siteUrl: "http://localhost:3000",
      fetch: (...request) => {
        sent += 1;
        return own(...request);
      },
    });
    let error: unknown;
    const over = run(server.forRequest(cookiesOf(session())), kind).catch(
      (reason: unknown) => (error = reason),
    );
    await vi.waitFor(() => expect(sent).toBe(1));
    await vi.advanceTimersByTimeAsync(ms - 1_000);
    expect(error).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_000);
    await over;
    expect(error).toMatchObject({
      code: "AUTH_UNAVAILABLE",
      message: expect.stringContaining("may have run") as string,
    });
    expect([sent, vi.getTimerCount()]).toEqual([1, 0]);
  });
});

it("many calls whose token is refused ask for one fresh token, however they overlap", async () => {
  answers.set(held, REFUSED);
  const who = auth();
  await Promise.all(KINDS.map((kind) => run(who, kind)));
  await run(who, "query");
  expect(asked().filter((each) => each === "token")).toHaveLength(1);
  expect(asked().filter((each) => each.endsWith("fresh"))).toHaveLength(4);
});

it("a call whose refusal comes late takes the fresh token that another asked for", async () => {
  answers.set(held, REFUSED);
  const who = auth();
  let refuse: () => void = () => undefined;
  const later = new Promise<void>((resolve) => (refuse = resolve));
  upstream.on("/api/action", async (response, { headers }) => {
    if (headers.authorization?.slice(7) === held) await later;
    const { status, body } = answers.get(headers.authorization?.slice(7)) ?? OK;
    json(response, body, { status });
  });
  const late = run(who, "action");
  await run(who, "query");
  refuse();
  expect(await late).toEqual(["tea"]);
  expect(asked().filter((each) => each === "token")).toHaveLength(1);
});

it("what a function throws arrives as its ConvexError", async () => {
  const data = { code: "NOT_YOURS" };
  answers.set(held, {
    status: 560,
    body: { status: "error", errorMessage: "x", errorData: data, logLines: [] },
  });
  const error: unknown = await run(auth(), "mutation").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConvexError);
  expect(error).toMatchObject({ data });
});

it("arguments and results are typed as in Convex's own client", () => {
  const who = null as unknown as RequestAuth;
  const calls = () => [
    who.fetchQuery(me),
    who.fetchQuery(me, {}),
    // @ts-expect-error: the function has an argument.
    who.fetchQuery(list),
    // @ts-expect-error: which is no number.
    who.fetchQuery(list, { of: 1 }),
    // @ts-expect-error: a mutation is no query.
    who.fetchQuery(add, { text: "tea" }),
    who.fetchMutation(add, { text: "tea" }, { skipQueue: true }),
  ];
  expect(calls).toBeTypeOf("function");
  expectTypeOf(() => who.fetchQuery(list, { of: "ada" })).returns.resolves.toEqualTypeOf<
    string[]
  >();
  expectTypeOf(() => who.fetchMutation(add, { text: "" })).returns.resolves.toEqualTypeOf<number>();
  expectTypeOf<FunctionReference<"query">>().not.toBeAny();
});
