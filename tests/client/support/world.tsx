/**
 * An app with real clients of Better Auth and Convex, in front of a server in memory whose sessions, clock and failures are
 * the test's.
 */
import { render } from "@testing-library/react";
import type { RenderResult } from "@testing-library/react";
import { createAuthClient } from "better-auth/react";
import { useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { vi } from "vitest";
import { convexClient } from "../../../js/client/plugins/index.js";
import type { GateStatus, SessionState } from "../../../js/react/index.js";
import { AuthBoundary, ConvexBetterAuthProvider, useGateStatus } from "../../../js/react/index.js";
import type { ToldToken } from "../../../js/plugins/shared/session-token.js";
import { tellToken, TOKEN_PARAMETER } from "../../../js/plugins/shared/session-token.js";
import { tokenOf } from "./jwt.js";
import type { MemoryServer } from "./memory-socket.js";
import { memoryServer, refusal } from "./memory-socket.js";
import { pass } from "./mount.js";

const secretQuery = makeFunctionReference<"query", Record<string, never>, string>("notes:secret");
const sessionQuery = makeFunctionReference<"query", Record<string, never>, SessionState>(
  "auth:sessionState",
);

/** What the server does with a request to the path below `/api/auth`; undefined leaves it to the world. */
type Handler = (path: string) => Promise<Response> | Response | undefined;

/** How a world begins. */
export interface WorldOptions {
  /** The session whose cookie the browser holds. */
  readonly session?: string | null;
  /** How long that session lives, in ms. */
  readonly lifeMs?: number;
  /** How far the server's clock is ahead of the device's, in ms. */
  readonly aheadMs?: number;
  /** The server does not let the session bring its token, as one of version 0.1. */
  readonly isOld?: boolean;
  /** The app subscribes to `sessionState`. @default true */
  readonly watches?: boolean;
  /** What is protected is shown. @default true */
  readonly isProtected?: boolean;
  /** Refuses tokens when a session has less left than this, in ms. */
  readonly leewayMs?: number;
  readonly reuse?: boolean;
  /** How long before a token's end Convex's client asks for the next one, in s. @default 10 */
  readonly asksBeforeS?: number;
  readonly handler?: Handler;
  /** Convex takes no connections. */
  readonly isDown?: boolean;
  /** Convex takes no tokens. */
  readonly refusesTokens?: boolean;
}

/** A running app and its server. */
export interface World {
  readonly convex: MemoryServer;
  readonly authClient: ReturnType<typeof clientOf>;
  readonly view: RenderResult;
  /** The session of the cookie, and when each session that is alive ends by the server's clock. */
  cookie: string | null;
  readonly sessions: Map<string, number>;
  /** Requests below `/api/auth`. */
  readonly requests: string[];
  /** What was shown, without repetitions; a new element begins with `+`. */
  readonly shown: string[];
  readonly status: () => GateStatus;
  readonly signedOut: () => number;
  handler: Handler;
  /** Ends a session as a revocation does: every subscribed query is run again. */
  readonly revoke: (session: string) => void;
  /** Empties what was recorded. */
  readonly forget: () => void;
}

function answerOf(body: unknown, token: ToldToken | null): Response {
  const headers = new Headers();
  if (token) tellToken(headers, token);
  return Response.json(body, { headers });
}

function clientOf(customFetchImpl: typeof fetch) {
  return createAuthClient({
    baseURL: "https://example.convex.site",
    fetchOptions: { customFetchImpl },
    plugins: [convexClient()],
  });
}

/** Makes a world and lets it run until its page is at rest. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { session = "a", lifeMs = 7 * 86_400_000, aheadMs = 0, leewayMs = 0 } = options;
  localStorage.clear();
  const convex = memoryServer({
    initialAuthTokenReuse: options.reuse ?? true,
    authRefreshTokenLeewaySeconds: options.asksBeforeS ?? 10,
  });
  convex.aheadMs = aheadMs;
  convex.refuse(options.isDown ?? false);
  convex.takesTokens = !options.refusesTokens;
  const now = (): number => Date.now() + convex.aheadMs;
  const sessions = new Map(session === null ? [] : [[session, now() + lifeMs]]);
  const isLive = (id: string | null): id is string =>
    id !== null && (sessions.get(id) ?? 0) > now();
  convex.answer = (name, id) => {
    if (name === "auth:sessionState")
      return id === null ? null : { sessionId: id, live: sessions.has(id) };
    return id !== null && sessions.has(id) ? `secret of ${id}` : refusal;
  };

  const tokenFor = (id: string, ends: number): ToldToken => {
    const lifeS = Math.min(900, Math.floor(ends / 1000) - Math.floor(now() / 1000));
    return { token: tokenOf(id, lifeS, now()), sessionExpiresAt: ends, now: now() };
  };
  const serve = async (path: string, isAsked: boolean): Promise<Response> => {
    // A request takes a while.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const own = await world.handler(path);
    if (own) return own;
    const { cookie } = world;
    const ends = isLive(cookie) ? sessions.get(cookie)! : 0;
    switch (path) {
      case "/get-session":
        if (!isLive(cookie)) return Response.json(null);
        return answerOf(
          {
            session: { id: cookie, expiresAt: new Date(ends).toISOString() },
            user: { id: `user of ${cookie}` },
          },
          isAsked && !options.isOld && ends - now() >= leewayMs ? tokenFor(cookie, ends) : null,
        );
      case "/convex/token": {
        if (!isLive(cookie) || ends - now() < leewayMs) return Response.json({}, { status: 401 });
        return Response.json(tokenFor(cookie, ends));
      }
      case "/sign-out":
        world.cookie = null;
        if (cookie !== null) world.revoke(cookie);
        return Response.json({ success: true });
      default:
        return Response.json({}, { status: 404 });
    }
  };

  const requests: string[] = [];
  const shown: string[] = [];
  const onSignedOut = vi.fn();
  let status: GateStatus = { session: "unknown", degraded: false, reason: null };
  const authClient = clientOf((input) => {
    const { pathname, searchParams } = new URL(String(input));
    const path = pathname.replace("/api/auth", "");
    requests.push(path);
    return serve(path, searchParams.has(TOKEN_PARAMETER));
  });

  function Show({ text }: { text: string }): ReactElement {
    useEffect(() => {
      if (shown.at(-1) !== text) shown.push(text);
    }, [text]);
    return <p>{text}</p>;
  }
  function Secret(): ReactElement {
    useEffect(() => void shown.push("+"), []);
    return <Show text={useQuery(secretQuery, {}) ?? "querying"} />;
  }
  function Status(): null {
    status = useGateStatus();
    return null;
  }
  const view = render(
    <ConvexBetterAuthProvider
      client={convex.client}
      authClient={authClient}
      sessionQuery={options.watches === false ? undefined : sessionQuery}
    >
      <Status />
      <AuthBoundary
        fallback={<Show text="out" />}
        loading={<Show text="loading" />}
        unavailable={<Show text="unavailable" />}
        onSignedOut={onSignedOut}
      >
        {options.isProtected === false ? <Show text="in" /> : <Secret />}
      </AuthBoundary>
    </ConvexBetterAuthProvider>,
  );
  const world: World = {
    convex,
    authClient,
    view,
    cookie: session,
    sessions,
    requests,
    shown,
    status: () => status,
    signedOut: () => onSignedOut.mock.calls.length,
    handler: options.handler ?? (() => undefined),
    revoke(id) {
      sessions.delete(id);
      convex.rerun();
    },
    forget() {
      for (const list of [requests, shown, convex.log]) list.length = 0;
    },
  };
  await pass(2_000);
  return world;
}
