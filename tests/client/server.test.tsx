import { createAuthClient } from "better-auth/react";
import { ConvexReactClient, useConvexAuth } from "convex/react";
import type { ReactElement } from "react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";
import {
  AuthBoundary,
  ConvexBetterAuthProvider,
  ConvexGateProvider,
  useConvexGate,
  useGateStatus,
} from "../../js/react/index.js";
import { createConvexGateClient } from "../../js/client/index.js";
import { tokenOf } from "./support/jwt.js";

// Modules of one process serve many users: these are shared by all renders, as an app's are.
const convex = new ConvexReactClient("https://example.convex.cloud");
const sent: Headers[] = [];
const authClient = createAuthClient({
  baseURL: "https://example.convex.site",
  fetchOptions: {
    customFetchImpl: (_url, init) => {
      sent.push(new Headers(init?.headers));
      const headers = { "set-better-auth-cookie": "better-auth.session_token=of-somebody" };
      return Promise.resolve(Response.json(null, { headers }));
    },
  },
  plugins: [crossDomainClient(), convexClient()],
});

function Probe(): ReactElement {
  const { session, degraded } = useGateStatus();
  const { isLoading, isAuthenticated } = useConvexAuth();
  return <p>{JSON.stringify({ session, degraded, isLoading, isAuthenticated })}</p>;
}

function page(initialToken?: string): string {
  return renderToString(
    <StrictMode>
      <ConvexBetterAuthProvider client={convex} authClient={authClient} initialToken={initialToken}>
        <Probe />
        <AuthBoundary fallback="signed out" loading="loading">
          secret
        </AuthBoundary>
      </ConvexBetterAuthProvider>
    </StrictMode>,
  ).replaceAll("&quot;", '"');
}

describe("on a server", () => {
  it("there is no window", () => {
    expect(typeof window).toBe("undefined");
    expect(typeof document).toBe("undefined");
  });

  it("a page without a token knows nothing yet", () => {
    expect(page()).toContain('{"session":"unknown","degraded":false,"isLoading":true');
  });

  it("a page with a token is signed in, and the next one is nobody's", () => {
    expect(page(tokenOf("a"))).toContain('"session":"signedIn"');
    expect(page(tokenOf("a"))).toContain("secret");
    expect(page()).toContain('"session":"unknown"');
  });

  it("nothing is asked for while rendering", () => {
    page(tokenOf("a"));
    expect(sent).toEqual([]);
  });

  it("cookies of one request are not sent with the next", async () => {
    await authClient.getSession();
    await authClient.getSession();
    expect(sent.map((headers) => headers.get("better-auth-cookie"))).toEqual(["", ""]);
  });
});

describe("useConvexGate", () => {
  const client = createConvexGateClient({
    transport: {
      getSession: () => Promise.resolve(null),
      getToken: () => Promise.resolve(null),
      signOut: () => Promise.resolve(),
    },
  });

  function Reader(): ReactElement {
    return <p>{String(useConvexGate() === client)}</p>;
  }

  it("gives the provider's client", () => {
    const html = renderToString(
      <ConvexGateProvider client={client}>
        <Reader />
      </ConvexGateProvider>,
    );
    expect(html).toBe("<p>true</p>");
  });

  it("says what is missing outside of a provider", () => {
    expect(() => renderToString(<Reader />)).toThrow(
      expect.objectContaining({ name: "GateError", code: "NO_PROVIDER" }),
    );
  });
});
