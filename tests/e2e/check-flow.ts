/**
 * The main job, from outside: sign-up, session, token, protected queries and sign-out over real HTTP and the real Convex
 * clients. It takes a deployment's two URLs, so the same flow runs against the local host and against a real backend.
 */
import assert from "node:assert/strict";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { verifyToken } from "convex-gate/jwt";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { JSONWebKeySet } from "jose";
import { WebSocket } from "ws";
import type { AuthSession } from "./auth-session.js";
import { openAuthSession } from "./auth-session.js";

/** What the flow runs against. */
export interface Deployment {
  /** The `.cloud` origin, for Convex clients. */
  url: string;
  /** The `.site` origin, for HTTP actions. */
  siteUrl: string;
  /** The app's origin, the deployment's `SITE_URL`. */
  origin: string;
  /** How many component calls were made since the deployment started, where the deployment can tell. */
  componentCalls?: () => number;
}

/** One finished step. `componentCalls` is undefined where the deployment cannot tell. */
export interface StepResult {
  name: string;
  ok: boolean;
  durationMs: number;
  componentCalls: number | undefined;
  error?: unknown;
}

interface Todo {
  _id: string;
  text: string;
  done: boolean;
}

const listTodos = makeFunctionReference<"query", Record<string, never>, Todo[]>("todos:list");
const addTodo = makeFunctionReference<"mutation", { text: string }, string>("todos:add");

const PATIENCE_MS = 10_000;
const password = "correct horse battery staple";

/** Runs every step in order and reports each; stops at the first that fails, since the later ones build on it. */
export async function runCheckFlow(
  deployment: Deployment,
  report: (result: StepResult) => void,
): Promise<StepResult[]> {
  const { siteUrl, origin } = deployment;
  const results: StepResult[] = [];
  const clients: ConvexClient[] = [];
  const ada = openAuthSession(siteUrl, origin);
  const bob = openAuthSession(siteUrl, origin);
  const run = Math.random().toString(36).slice(2);
  const account = { email: `ada-${run}@example.com`, password, name: "Ada" };
  let client: ConvexClient | undefined;

  const steps: [name: string, work: () => Promise<void>][] = [
    [
      "sign up with a password",
      async () => {
        const { status, body } = await ada.post("/sign-up/email", account);
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(member(body, "user", "email"), account.email);
      },
    ],
    [
      "get-session returns the user",
      async () => {
        const { status, body } = await ada.get("/get-session");
        assert.equal(status, 200);
        assert.equal(member(body, "user", "name"), "Ada");
      },
    ],
    [
      "the token verifies against the served JWKS, in Rust and in jose",
      async () => verifyBoth(await required(ada.token(false)), deployment),
    ],
    [
      "a second token request is answered from the cache",
      async () => {
        assert.equal(await ada.token(false), await ada.token(false));
      },
    ],
    [
      "a client with that token adds and lists a to-do",
      async () => {
        client = openClient(deployment, ada);
        clients.push(client);
        await client.mutation(addTodo, { text: "write the README" });
        const todos = await until(client, (list) => list.length === 1);
        assert.equal(todos[0]?.text, "write the README");
      },
    ],
    [
      "a second user sees none of it",
      async () => {
        const { status } = await bob.post("/sign-up/email", {
          email: `bob-${run}@example.com`,
          password,
          name: "Bob",
        });
        assert.equal(status, 200);
        const other = openClient(deployment, bob);
        clients.push(other);
        assert.deepEqual(await until(other, () => true), []);
      },
    ],
    [
      "an anonymous client is refused",
      async () => {
        const anonymous = new ConvexHttpClient(deployment.url, { logger: false });
        await assert.rejects(anonymous.query(listTodos, {}), isUnauthenticated);
      },
    ],
    [
      "a wrong password gives 401",
      async () => {
        const stranger = openAuthSession(siteUrl, origin);
        const { status } = await stranger.post("/sign-in/email", {
          ...account,
          password: "wrong password",
        });
        assert.equal(status, 401);
        assert.equal(await stranger.token(false), null);
      },
    ],
    [
      "a duplicate e-mail gets its proper error",
      async () => {
        const { status, body } = await openAuthSession(siteUrl, origin).post(
          "/sign-up/email",
          account,
        );
        assert.equal(status, 422, JSON.stringify(body));
        assert.equal(body?.["code"], "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
      },
    ],
    [
      "after sign-out the subscribed client's query becomes unauthenticated",
      async () => {
        assert.ok(client);
        const refused = untilRefused(client);
        const { status } = await ada.post("/sign-out", {});
        assert.equal(status, 200);
        await refused;
        assert.equal(await ada.token(false), null);
        assert.equal((await ada.get("/get-session")).body, null);
      },
    ],
    [
      "after signing in again the to-do is there",
      async () => {
        const { status } = await ada.post("/sign-in/email", account);
        assert.equal(status, 200);
        const again = openClient(deployment, ada);
        clients.push(again);
        assert.equal((await until(again, (list) => list.length === 1)).length, 1);
      },
    ],
  ];

  try {
    for (const [name, work] of steps) {
      const result = await measure(name, work, deployment.componentCalls);
      results.push(result);
      report(result);
      if (!result.ok) break;
    }
  } finally {
    await Promise.all(clients.map((each) => each.close()));
  }
  return results;
}

async function measure(
  name: string,
  work: () => Promise<void>,
  componentCalls: (() => number) | undefined,
): Promise<StepResult> {
  const callsBefore = componentCalls?.();
  const startedAt = performance.now();
  const finished = (outcome: { ok: boolean; error?: unknown }): StepResult => ({
    name,
    durationMs: performance.now() - startedAt,
    componentCalls: callsBefore === undefined ? undefined : (componentCalls?.() ?? 0) - callsBefore,
    ...outcome,
  });
  try {
    await work();
    return finished({ ok: true });
  } catch (error) {
    return finished({ ok: false, error });
  }
}

async function verifyBoth(token: string, { siteUrl }: Deployment): Promise<void> {
  const response = await fetch(`${siteUrl}/api/auth/convex/jwks`);
  assert.match(response.headers.get("cache-control") ?? "", /max-age=\d+/);
  const text = await response.text();
  assert.doesNotMatch(text, /"(d|p|q|dp|dq|qi)"/, "the key set holds a private member");
  const expected = { issuer: siteUrl, audience: "convex" };
  const rust = await verifyToken(token, { jwks: text, ...expected });
  const keySet = JSON.parse(text) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keySet), expected);
  assert.equal(rust.sub, payload.sub);
  assert.ok(typeof payload["sessionId"] === "string");
}

function openClient({ url }: Deployment, session: AuthSession): ConvexClient {
  const client = new ConvexClient(url, {
    webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
    logger: false,
  });
  client.setAuth(({ forceRefreshToken }) => session.token(forceRefreshToken));
  return client;
}

/** Subscribes to the list until `wanted` holds. */
function until(client: ConvexClient, wanted: (todos: Todo[]) => boolean): Promise<Todo[]> {
  return withPatience("the to-do list did not arrive", (resolve, reject) =>
    client.onUpdate(
      listTodos,
      {},
      (todos) => {
        if (wanted(todos)) resolve(todos);
      },
      // A query may run once before the first token arrived; only a lasting refusal is a failure.
      (error) => {
        if (!isUnauthenticated(error)) reject(error);
      },
    ),
  );
}

function untilRefused(client: ConvexClient): Promise<Error> {
  return withPatience("the query stayed authenticated", (resolve, reject) =>
    client.onUpdate(
      listTodos,
      {},
      () => undefined,
      (error) => {
        if (isUnauthenticated(error)) resolve(error);
        else reject(error);
      },
    ),
  );
}

function withPatience<T>(
  complaint: string,
  subscribe: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = subscribe(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    const timer = setTimeout(() => settle(() => reject(new Error(complaint))), PATIENCE_MS);
    function settle(done: () => void): void {
      clearTimeout(timer);
      // The first update may arrive while `subscribe` still runs.
      queueMicrotask(() => stop());
      done();
    }
  });
}

function isUnauthenticated(error: unknown): boolean {
  return member(error, "data", "code") === "UNAUTHENTICATED";
}

function member(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

async function required<T>(value: Promise<T | null>): Promise<T> {
  const present = await value;
  assert.ok(present !== null);
  return present;
}
