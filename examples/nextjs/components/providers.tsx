"use client";
import { api } from "@convex/_generated/api";
import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "convex-gate/react";
import type { ConvexBetterAuthProviderProps } from "convex-gate/react";
import { authClient } from "@/lib/auth-client";

const convex = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!, {
  initialAuthTokenReuse: true,
});

type ProvidersProps = Pick<ConvexBetterAuthProviderProps, "initialState" | "children">;

/** Convex in the browser, signed in from the first paint on as the page was rendered. */
export function Providers({ initialState, children }: ProvidersProps) {
  return (
    <ConvexBetterAuthProvider
      client={convex}
      authClient={authClient}
      initialState={initialState}
      sessionQuery={api.auth.sessionState}
    >
      {children}
    </ConvexBetterAuthProvider>
  );
}
