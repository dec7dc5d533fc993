// @vitest-environment jsdom
/**
 * Better Auth's `sentinelClient()` answers a challenge with a request of its own, past the plugins of the client: the tab is
 * to have the session all the same.
 */
import { sentinelClient } from "@better-auth/infra/client";
import type { BetterAuthClientPlugin, BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { createAuthClient } from "better-auth/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { convexClient, crossDomainClient } from "../../../js/client/plugins/index.js";
import { crossDomain } from "../../../js/plugins/index.js";
import { createApp, PASSWORD, SITE } from "../support/app.js";

const FRONTEND = "http://localhost:5173";
const API = `${SITE}/api/auth`;

const CHALLENGE = btoa(JSON.stringify({ nonce: "n", difficulty: 1, timestamp: 0, ttl: 60 }));

/** Stands for `sentinel()`, which asks its service whom to challenge: everybody who signs up, once. */
const challenging: BetterAuthPlugin = {
  id: "challenging",
  hooks: {
    before: [
      {
        matcher: ({ path }) => path === "/sign-up/email",
        handler: createAuthMiddleware(async ({ headers }) => {
          if (headers?.has("x-pow-solution")) return;
          const refusal = new APIError("LOCKED", { code: "POW_CHALLENGE_REQUIRED" });
          refusal.headers = { "X-PoW-Challenge": CHALLENGE, "X-PoW-Reason": "unknown_device" };
          throw refusal;
        }),
      },
    ],
  },
};

// Its types (0.4.5) say `undefined` of what is not there.
const sentinel = (): BetterAuthClientPlugin =>
  sentinelClient({ identifyUrl: "https://kv.example" }) as unknown as BetterAuthClientPlugin;

const sent: Headers[] = [];

/** The browser between the page and the deployment, which adds what no script can change. */
function browse(site: string): void {
  const app = createApp({ plugins: [challenging, crossDomain({ siteUrl: FRONTEND })] });
  vi.stubGlobal("fetch", async (input: string | URL, init?: RequestInit) => {
    const url = String(input);
    // The service that knows devices.
    if (!url.startsWith(API)) return Response.json({});
    const headers = new Headers(init?.headers);
    headers.set("origin", FRONTEND);
    headers.set("sec-fetch-site", site);
    sent.push(headers);
    const response = await app.auth.handler(
      new Request(url, { method: init?.method ?? "GET", headers, body: init?.body ?? null }),
    );
    return Object.defineProperty(response, "url", { value: url });
  });
}

const JAR = "better-auth_cookies.";
const jars = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(JAR));

beforeEach(() => {
  localStorage.clear();
  sent.length = 0;
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a solved challenge", () => {
  it.each([
    ["before", [sentinel(), crossDomainClient()]],
    ["after", [crossDomainClient(), sentinel()]],
  ])("signs the tab in, with sentinelClient() %s crossDomainClient()", async (_, plugins) => {
    browse("cross-site");
    const auth = createAuthClient({ baseURL: API, plugins: [...plugins, convexClient()] });
    const { error } = await auth.signUp.email({
      email: "a@example.com",
      password: PASSWORD,
      name: "A",
    });
    expect(error).toBeNull();
    expect(sent.map((headers) => headers.has("x-pow-solution"))).toEqual([false, true]);
    expect(sent.map((headers) => headers.has("better-auth-cookie"))).toEqual([true, false]);
    expect(
      jars()
        .map((key) => localStorage.getItem(key) ?? "")
        .join(),
    ).toContain("session_token");
    const { data } = await auth.getSession();
    expect(data).toMatchObject({ user: { email: "a@example.com" } });
  });
});
