/**
 * An app in Svelte with real clients of Better Auth and Convex, in front of a server in memory whose sessions and failures are
 * the test's.
 */
import { createAuthClient } from "better-auth/svelte";
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { flushSync, mount, unmount } from "svelte";
import { vi } from "vitest";
import { convexClient } from "../../../js/client/plugins/index.js";
import type { InitialState, PreloadedAuthQuery, SessionState } from "../../../js/svelte/index.js";
import { tokenOf } from "../../client/support/jwt.js";
import type { MemoryServer } from "../../client/support/memory-socket.js";
import { memoryServer, refusal } from "../../client/support/memory-socket.js";
import App from "./App.svelte";

const sessionQuery = makeFunctionReference<"query", Record<string, never>, SessionState>(
  "auth:sessionState",
);

export interface WorldOptions {
  /** The session whose cookie the browser holds. */
  readonly session?: string | null;
  readonly initialState?: InitialState;
  readonly preloaded?: PreloadedAuthQuery<string>;
  /** The app subscribes to `sessionState`. @default true */
  readonly watches?: boolean;
  /** How many components set auth up. @default 1 */
  readonly apps?: number;
  readonly handler?: (path: string) => Response | Promise<Response> | undefined;
}

export interface World {
  readonly convex: MemoryServer;
  readonly authClient: ReturnType<typeof clientOf>;
  /** The session of the cookie, and those that are alive. What follows a `~` sets two of one user apart. */
  cookie: string | null;
  readonly sessions: Set<string>;
  /** Requests below `/api/auth`. */
  readonly requests: string[];
  /** Queries that were run for nobody. */
  readonly asNobody: readonly string[];
  /** Queries that were refused, for nobody or for a session that is over. */
  readonly refused: readonly string[];
  /** Calls of Convex's `setAuth`. */
  readonly setAuths: () => number;
  readonly shown: string[];
  readonly statuses: string[];
  readonly convexAuth: string[];
  handler: (path: string) => Response | Promise<Response> | undefined;
  /** Ends a session as a revocation does: every subscribed query is run again. */
  readonly revoke: (session: string) => void;
  readonly forget: () => void;
  readonly close: () => void;
}

function clientOf(customFetchImpl: typeof fetch) {
  return createAuthClient({
    baseURL: "https://app.example",
    fetchOptions: { customFetchImpl },
    plugins: [convexClient()],
  });
}

/** Makes a world and shows its page, as the server rendered it and before anything was answered. */
export function startWorld(options: WorldOptions = {}): World {
  const { session = "a", initialState, preloaded, apps = 1 } = options;
  localStorage.clear();
  const convex = memoryServer();
  const sessions = new Set(session === null ? [] : [session]);
  const isLive = (id: string | null): id is string => id !== null && sessions.has(id);
  const asNobody: string[] = [];
  const refused: string[] = [];
  convex.answer = (name, id) => {
    if (id === null) asNobody.push(name);
    if (name === "auth:sessionState")
      return id === null ? null : { sessionId: id, live: sessions.has(id) };
    if (!isLive(id)) refused.push(name);
    return isLive(id) ? `secret of ${id}` : refusal;
  };

  async function serve(path: string): Promise<Response> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const own = await world.handler(path);
    if (own) return own;
    const { cookie } = world;
    if (path === "/get-session") {
      if (!isLive(cookie)) return Response.json(null);
      const user = { id: `user of ${cookie.split("~")[0]!}` };
      return Response.json({ session: { id: cookie }, user });
    }
    if (path === "/convex/token")
      return isLive(cookie)
        ? Response.json({ token: tokenOf(cookie), now: Date.now() })
        : Response.json({}, { status: 401 });
    if (path === "/sign-out") {
      world.cookie = null;
      if (cookie !== null) world.revoke(cookie);
      return Response.json({ success: true });
    }
    return Response.json({}, { status: 404 });
  }

  const authClient = clientOf((input) => {
    const path = new URL(String(input)).pathname.replace("/api/auth", "");
    world.requests.push(path);
    return serve(path);
  });
  const client = new ConvexClient("https://example.convex.cloud", {
    webSocketConstructor: convex.webSocketConstructor,
    initialAuthTokenReuse: true,
    unsavedChangesWarning: false,
    logger: false,
  });
  const setAuth = vi.spyOn(client.client, "setAuth");
  const look = { shown: [], statuses: [], convexAuth: [], preloaded };
  const props = {
    client,
    authClient,
    options: {
      initialState,
      ...(options.watches === false ? {} : { sessionQuery }),
    },
    look,
  };
  const world: World = {
    convex,
    authClient,
    cookie: session,
    sessions,
    requests: [],
    asNobody,
    refused,
    setAuths: () => setAuth.mock.calls.length,
    ...look,
    handler: options.handler ?? (() => undefined),
    revoke(id) {
      sessions.delete(id);
      convex.rerun();
    },
    forget() {
      for (const list of [world.requests, look.shown, look.statuses, look.convexAuth, convex.log])
        list.length = 0;
    },
    close() {
      for (const component of components) void unmount(component);
      // It waits for a socket, whose time is the test's.
      void client.close();
    },
  };
  const components = Array.from({ length: apps }, () =>
    mount(App, { target: document.body, props }),
  );
  flushSync();
  return world;
}

/** Lets time pass, with everything that happens meanwhile. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}
