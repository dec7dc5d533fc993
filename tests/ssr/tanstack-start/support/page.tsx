/**
 * A page of a TanStack Start app in the browser: real router, QueryClient and Convex's bindings of the two, under the kit's
 * provider, in front of a server in memory.
 */
import { ConvexQueryClient, convexQuery } from "@convex-dev/react-query";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import { createAuthClient } from "better-auth/react";
import { makeFunctionReference } from "convex/server";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { convexClient } from "../../../../js/client/plugins/index.js";
import type { InitialState } from "../../../../js/react/index.js";
import { createBrowserAuth } from "../../../../js/tanstack-start/browser-auth.js";
import { StartAuthProvider } from "../../../../js/tanstack-start/start-auth-provider.js";
import { tokenOf } from "../../../client/support/jwt.js";
import { memoryServer, refusal } from "../../../client/support/memory-socket.js";

const secrets = makeFunctionReference<"query", Record<string, never>, string>("notes:secret");

/** Its query; other options that `convexQuery` gives do not fit strict types of TanStack Query (0.1, 5.108). */
export const secretsQuery = { queryKey: convexQuery(secrets, {}).queryKey, staleTime: Infinity };

/** Sessions are named for their users; what follows a `~` sets two of one user apart. A server and the app in front of it, which is not rendered yet. */
export function createPage(session: string | null, initialState?: InitialState) {
  localStorage.clear();
  // jsdom does not scroll, and says so at length.
  window.scrollTo = () => undefined;
  const convex = memoryServer({ initialAuthTokenReuse: true, expectAuth: true });
  const server = { cookie: session, isDown: false, holdsTokens: false };
  convex.answer = (_name, id) => (id === null ? refusal : `secret of ${id}`);
  const requests: string[] = [];
  const authClient = createAuthClient({
    baseURL: "https://app.example.com",
    fetchOptions: { customFetchImpl: (input) => answer(new URL(String(input)).pathname.slice(9)) },
    plugins: [convexClient()],
  });

  async function answer(path: string): Promise<Response> {
    requests.push(path);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (server.isDown) return new Response(null, { status: 503 });
    const { cookie } = server;
    if (path === "/sign-out") server.cookie = null;
    if (path === "/sign-out") return Response.json({ success: true });
    if (cookie === null)
      return Response.json(null, { status: path === "/get-session" ? 200 : 401 });
    while (path === "/convex/token" && server.holdsTokens)
      await new Promise((resolve) => setTimeout(resolve, 5));
    if (path === "/convex/token") return Response.json({ token: tokenOf(cookie) });
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const user = { id: `user ${cookie.split("~")[0]!}` };
    return Response.json({ session: { id: cookie, expiresAt }, user });
  }

  const convexQueryClient = new ConvexQueryClient(convex.client);
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        queryKeyHashFn: convexQueryClient.hashFn(),
        queryFn: convexQueryClient.queryFn(),
        retry: false,
      },
    },
  });
  convexQueryClient.connect(queryClient);

  const auth = createBrowserAuth();
  /** What components showed, without repetitions; loaders' runs. */
  const shown: string[] = [];
  const loads: string[] = [];

  const root = createRootRouteWithContext<object>()({
    beforeLoad: async (args) => {
      const known = await auth.rootAuth(args);
      // Before the page is there it has what the server gave it.
      return loads.length === 0 && initialState ? { auth: initialState } : known;
    },
    component: Root,
  });
  const index = createRoute({
    getParentRoute: () => root,
    path: "/",
    beforeLoad: ({ context }) => {
      if (context.auth.session === "signedOut") throw redirect({ to: "/sign-in" });
    },
    loader: async ({ context }) => {
      loads.push(context.auth.session);
      // On the first page the server has.
      if (loads.length > 1 && context.auth.session === "signedIn")
        await queryClient.prefetchQuery(secretsQuery);
      return `loaded for ${server.cookie ?? "nobody"}`;
    },
    component: Secrets,
  });
  const signIn = createRoute({
    getParentRoute: () => root,
    path: "/sign-in",
    beforeLoad: ({ context }) => {
      if (context.auth.session === "signedIn") throw redirect({ to: "/" });
    },
    loader: ({ context }) => void loads.push(context.auth.session),
    component: () => <p>Please sign in</p>,
  });
  const router = createRouter({
    routeTree: root.addChildren([index, signIn]),
    history: createMemoryHistory({ initialEntries: [session === null ? "/sign-in" : "/"] }),
  });

  function Root(): ReactElement {
    return (
      <StartAuthProvider
        client={convex.client}
        authClient={authClient}
        initialState={initialState}
        queryClient={queryClient}
      >
        <Outlet />
      </StartAuthProvider>
    );
  }
  // Without an AuthBoundary, as a page that relies on its route's guard.
  function Secrets(): ReactElement {
    const { data = "querying" } = useQuery(secretsQuery);
    const loaded = index.useLoaderData();
    const text = `${data}, ${loaded}`;
    useEffect(() => {
      if (shown.at(-1) !== text) shown.push(text);
    }, [text]);
    return <p>{text}</p>;
  }

  return {
    server,
    convex,
    requests,
    router,
    queryClient,
    authClient,
    auth,
    shown,
    loads,
    render: () =>
      render(
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router as never} />
        </QueryClientProvider>,
      ),
    /** Waits until the page shows a text. */
    see: (text: string) => screen.findByText(text),
    /** Everything that the QueryClient holds. */
    held: () =>
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
    /** What Better Auth's client does when the session changed, in another tab or by a plugin's endpoint. */
    async change(cookie: string | null) {
      server.cookie = cookie;
      await authClient.getSession({ query: { disableCookieCache: true } });
      authClient.$store.notify("$sessionSignal");
    },
  };
}
