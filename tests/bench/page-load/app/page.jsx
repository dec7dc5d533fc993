/** The documented page on another origin: what is protected is one query. */
import { convexClient, crossDomainClient } from "@gate/client/plugins";
import * as gate from "@gate/react";
import { createAuthClient } from "better-auth/react";
import { Authenticated, ConvexReactClient, useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";

const authClient = createAuthClient({
  baseURL: SITE_URL,
  plugins: [crossDomainClient(), convexClient()],
});
const convex = new ConvexReactClient(CLOUD_URL, { initialAuthTokenReuse: true });
const me = makeFunctionReference("auth:me");

function Me() {
  const email = useQuery(me, {});
  useEffect(() => {
    // ms since the navigation began.
    if (email !== undefined) window.shownAt ??= performance.now();
  }, [email]);
  return email ?? null;
}

const Protected = new URLSearchParams(location.search).has("AuthBoundary")
  ? gate.AuthBoundary
  : Authenticated;
Object.assign(window, { authClient });
createRoot(document.querySelector("main")).render(
  createElement(
    gate.ConvexBetterAuthProvider,
    { client: convex, authClient },
    createElement(Protected, {}, createElement(Me)),
  ),
);
