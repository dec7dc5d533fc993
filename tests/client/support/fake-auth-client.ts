/** A Better Auth client of which every answer is decided by the test, with a session store that works as the real one. */
import { useSyncExternalStore } from "react";
import type { SessionValue, TokenRequestOptions } from "../../../js/client/auth-client.js";
import type { AuthClientLike } from "../../../js/react/auth-client.js";
import { tokenOf } from "./jwt.js";

/** What a request comes to. */
export type Outcome =
  | { kind: "ok" }
  | { kind: "empty" }
  | { kind: "status"; status: number; retryAfter?: string }
  | { kind: "html" }
  | { kind: "network" }
  | { kind: "hang" };

export interface FakeAuthClient extends AuthClientLike {
  /** The session whose cookie the browser holds. */
  session: string | null;
  /** What the server says of a session, which an app's `customSession` may change. */
  answerOf: (session: string) => unknown;
  sessionOutcome: () => Outcome;
  tokenOutcome: () => Outcome;
  delayMs: () => number;
  tokenLifeS: number;
  /** How far the server's clock is ahead of the device's. */
  serverAheadMs: number;
  /** Answers that say that there is no session. */
  endings: number;
  readonly requests: { session: number; token: number; fresh: number };
  /** Token requests under way now, and the most there ever were. */
  readonly flying: { now: number; most: number };
  /** What Better Auth does after sign-in, sign-out, on focus and when another tab tells. */
  readonly signal: () => Promise<void>;
}

interface Reply {
  data: unknown;
  error: { status?: number } | null;
  headers?: Headers;
}

export function fakeAuthClient(session: string | null): FakeAuthClient {
  forgetNotes();
  let value: SessionValue = { data: null, error: null, isPending: true, isRefetching: false };
  const listeners = new Set<() => void>();
  let flight = 0;
  let mounted = false;

  function set(change: Partial<SessionValue>): void {
    value = { ...value, ...change, refetch };
    for (const listener of [...listeners]) listener();
  }

  async function refetch(): Promise<void> {
    const mine = ++flight;
    set({ isPending: value.data === null, isRefetching: true, error: null });
    client.requests.session += 1;
    const reply = await answer(client.sessionOutcome(), client.delayMs(), () =>
      client.session === null ? null : client.answerOf(client.session),
    );
    if (mine !== flight) return;
    if (reply.error ? reply.error.status === 401 : reply.data === null) client.endings += 1;
    const data = reply.error && reply.error.status !== 401 ? value.data : reply.data;
    set({ data, error: reply.error, isPending: false, isRefetching: false });
  }

  const client: FakeAuthClient = {
    session,
    answerOf: (id) => ({ session: { id }, user: { id: "user" } }),
    sessionOutcome: () => ({ kind: "ok" }),
    tokenOutcome: () => ({ kind: "ok" }),
    delayMs: () => 10,
    tokenLifeS: 900,
    serverAheadMs: 0,
    endings: 0,
    requests: { session: 0, token: 0, fresh: 0 },
    flying: { now: 0, most: 0 },
    signal: refetch,
    useSession: () =>
      useSyncExternalStore(
        (listener) => {
          listeners.add(listener);
          if (!mounted) setTimeout(() => void refetch(), 0);
          mounted = true;
          return () => listeners.delete(listener);
        },
        () => value,
        () => value,
      ),
    async $fetch(path: string, options: TokenRequestOptions) {
      if (path !== "/convex/token") throw new Error(`unexpected request: ${path}`);
      client.requests.token += 1;
      if (options.query?.fresh === "1") client.requests.fresh += 1;
      client.flying.now += 1;
      client.flying.most = Math.max(client.flying.most, client.flying.now);
      const asked = client.session;
      try {
        const reply = await answer(
          asked === null ? { kind: "status", status: 401 } : client.tokenOutcome(),
          client.delayMs(),
          () => {
            const now = Date.now() + client.serverAheadMs;
            return { token: tokenOf(asked ?? "", client.tokenLifeS, now), now };
          },
          options.signal,
        );
        if (reply.error?.status === 401) client.endings += 1;
        if (reply.error && reply.headers) options.onError({ response: { headers: reply.headers } });
        return { data: reply.data, error: reply.error };
      } finally {
        client.flying.now -= 1;
      }
    },
  };
  return client;
}

/** A browser that nobody was signed in to before. */
export function forgetNotes(): void {
  if (typeof document !== "undefined") localStorage.clear();
}

async function answer(
  outcome: Outcome,
  delayMs: number,
  value: () => unknown,
  signal?: AbortSignal,
): Promise<Reply> {
  await new Promise<void>((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    if (outcome.kind !== "hang") setTimeout(resolve, delayMs);
  });
  switch (outcome.kind) {
    case "ok":
      return { data: value(), error: null };
    case "empty":
      return { data: null, error: null };
    case "html":
      return { data: "<!doctype html><title>Bad gateway</title>", error: null };
    case "network":
      return { data: null, error: {} };
    case "status":
      return {
        data: null,
        error: { status: outcome.status },
        headers: new Headers(outcome.retryAfter ? { "retry-after": outcome.retryAfter } : {}),
      };
    case "hang":
      return { data: null, error: {} };
  }
}
