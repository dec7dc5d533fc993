import { ConvexQueryClient } from "@convex-dev/react-query";
import { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { setupRouterSsrQueryIntegration } from "@tanstack/react-router-ssr-query";
import { Loading } from "./components/loading";
import { routeTree } from "./routeTree.gen";

/** Called for each request on the server: what is made here must not be made above, where all visitors would share it. */
export function getRouter() {
  const convexQueryClient = new ConvexQueryClient(import.meta.env.VITE_CONVEX_URL, {
    // The queries of a rendered page wait for its token.
    expectAuth: true,
    initialAuthTokenReuse: true,
    // Each query of a rendered page is one request instead of two. Pages that need two of the same moment leave it out.
    dangerouslyUseInconsistentQueriesDuringSSR: true,
  });
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: { queryKeyHashFn: convexQueryClient.hashFn(), queryFn: convexQueryClient.queryFn() },
    },
  });
  convexQueryClient.connect(queryClient);
  const router = createRouter({
    routeTree,
    context: { convexQueryClient, queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    scrollRestoration: true,
  });
  setupRouterSsrQueryIntegration({ router, queryClient });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof getRouter>;
  }
}
