import type { ConvexQueryClient } from "@convex-dev/react-query";
import { api } from "@convex/_generated/api";
import { Status } from "@shared/status";
import styles from "@shared/style.css?url";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, HeadContent, Outlet, Scripts } from "@tanstack/react-router";
import { StartAuthProvider } from "convex-gate/tanstack-start";
import type { ReactNode } from "react";
import { Account } from "../components/account";
import { Navigation } from "../components/navigation";
import { auth } from "../lib/auth";
import { authClient } from "../lib/auth-client";

const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path d='M2 8l4 4 8-9' fill='none' stroke='%233155c6' stroke-width='3'/></svg>";

interface RouterContext {
  convexQueryClient: ConvexQueryClient;
  queryClient: QueryClient;
}

export const Route = createRootRouteWithContext<RouterContext>()({
  beforeLoad: auth.rootAuth,
  head: () => ({
    meta: [
      { charSet: "utf-8" },
      { name: "viewport", content: "width=device-width, initial-scale=1" },
      { name: "color-scheme", content: "light dark" },
      { title: "To-do" },
    ],
    links: [
      { rel: "stylesheet", href: styles },
      { rel: "icon", href: ICON },
    ],
  }),
  shellComponent: Document,
  component: Root,
});

function Document({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  );
}

function Root() {
  const { auth, convexQueryClient, queryClient } = Route.useRouteContext();
  return (
    <StartAuthProvider
      client={convexQueryClient.convexClient}
      authClient={authClient}
      initialState={auth}
      sessionQuery={api.auth.sessionState}
      queryClient={queryClient}
    >
      <header>
        <div className="bar">
          <p className="brand">To-do</p>
          <Account />
        </div>
        <Navigation />
        <Status />
      </header>
      <main>
        <Outlet />
      </main>
    </StartAuthProvider>
  );
}
