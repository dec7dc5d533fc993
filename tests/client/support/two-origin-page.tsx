/** A page of another origin with real clients of Better Auth and Convex, which can be loaded again over the same storage. */
import { cleanup, render } from "@testing-library/react";
import { createAuthClient } from "better-auth/react";
import { useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { convexClient, crossDomainClient } from "../../../js/client/plugins/index.js";
import type { CookieStorage } from "../../../js/client/plugins/index.js";
import { tellToken, TOKEN_PARAMETER } from "../../../js/plugins/shared/session-token.js";
import { AuthBoundary, ConvexBetterAuthProvider } from "../../../js/react/index.js";
import type { SessionState } from "../../../js/react/index.js";
import { tokenOf } from "./jwt.js";
import { memoryServer, refusal } from "./memory-socket.js";
import { pass } from "./mount.js";

const secretQuery = makeFunctionReference<"query", Record<string, never>, string>("notes:secret");
const sessionQuery = makeFunctionReference<"query", Record<string, never>, SessionState>(
  "auth:sessionState",
);

/** The deployment, and the page's browser. */
export interface Site {
  /** Sessions that live. */
  readonly live: Set<string>;
  /** How long a request takes, in ms. */
  delayMs: number;
  /** The cookie that the server sets for a session. */
  cookieOf: (session: string) => string;
  /** Makes the token of a session. */
  tokenFor: (session: string) => string;
  /** Whether `get-session` lets the token come along. */
  brings: boolean;
}

export function startSite(): Site {
  return {
    live: new Set(),
    delayMs: 20,
    cookieOf: (session) => `better-auth.session_token=${session}.sig; HttpOnly; Max-Age=604800`,
    tokenFor: (session) => tokenOf(session),
    brings: true,
  };
}

/** Loads the page. What it asks, sends to Convex and shows is noted in one order. */
export function load(site: Site, storage?: CookieStorage) {
  cleanup();
  const log: string[] = [];
  const convex = memoryServer({ initialAuthTokenReuse: true });
  convex.log.push = (...entries) => log.push(...entries);
  const isLive = (id: string | null): id is string => id !== null && site.live.has(id);
  convex.answer = (name, id) => {
    if (name === "auth:sessionState")
      return id === null ? null : { sessionId: id, live: isLive(id) };
    return isLive(id) ? `secret of ${id}` : refusal;
  };

  const customFetchImpl: typeof fetch = async (input, init) => {
    const { pathname, searchParams } = new URL(String(input));
    const path = pathname.replace("/api/auth", "");
    const isAsked = searchParams.has(TOKEN_PARAMETER);
    log.push(isAsked ? `${path} with token` : path);
    const sent = new Headers(init?.headers).get("better-auth-cookie") ?? "";
    const cookie = /session_token=(\w+)\.sig/.exec(sent)?.[1] ?? null;
    await new Promise((resolve) => setTimeout(resolve, site.delayMs));
    const headers = new Headers();
    const told = (id: string) => ({
      token: site.tokenFor(id),
      sessionExpiresAt: Date.now() + 604_800_000,
      now: Date.now(),
    });
    if (path.startsWith("/sign-in/")) {
      const { email } = JSON.parse(String(init?.body)) as { email: string };
      const session = email.split("@")[0] ?? "";
      site.live.add(session);
      headers.set("set-better-auth-cookie", site.cookieOf(session));
      return Response.json({ token: "opaque", user: { id: session } }, { headers });
    }
    if (path === "/convex/token")
      return isLive(cookie) ? Response.json(told(cookie)) : new Response("{}", { status: 401 });
    if (path === "/sign-out" || !isLive(cookie)) {
      if (path === "/sign-out" && cookie !== null) site.live.delete(cookie);
      headers.set("set-better-auth-cookie", "better-auth.session_token=; Max-Age=0");
      return Response.json(path === "/sign-out" ? { success: true } : null, { headers });
    }
    if (isAsked && site.brings) tellToken(headers, told(cookie));
    return Response.json({ session: { id: cookie }, user: { id: cookie } }, { headers });
  };
  const authClient = createAuthClient({
    baseURL: "https://app.convex.site",
    fetchOptions: { customFetchImpl },
    plugins: [crossDomainClient({ storage }), convexClient()],
  });

  function Show({ text }: { text: string }): ReactElement {
    useEffect(() => {
      log.push(`<${text}>`);
    }, [text]);
    return <p>{text}</p>;
  }
  const Secret = (): ReactElement => <Show text={useQuery(secretQuery, {}) ?? "querying"} />;
  render(
    <ConvexBetterAuthProvider
      client={convex.client}
      authClient={authClient}
      sessionQuery={sessionQuery}
    >
      <AuthBoundary fallback={<Show text="out" />} loading={<Show text="loading" />}>
        <Secret />
      </AuthBoundary>
    </ConvexBetterAuthProvider>,
  );
  return {
    log,
    convex,
    authClient,
    signIn: async (who: string) => {
      void authClient.signIn.email({ email: `${who}@example.com`, password: "password" });
      await pass(2_000);
    },
  };
}
