// @vitest-environment jsdom
/** React Native's surroundings: a `window` that is only the global object, no storages, a storage that takes its time. */
import { cleanup, render } from "@testing-library/react";
import { createAuthClient } from "better-auth/react";
import type { ReactElement } from "react";
import { useConvexAuth } from "convex/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";
import { ConvexBetterAuthProvider } from "../../js/react/index.js";
import { tokenOf } from "./support/jwt.js";
import { asConvex, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

const SLOW_MS = 500;
/** What browsers have and React Native does not. Its `window` is the global object. */
const MISSING = ["localStorage", "sessionStorage", "location", "history", "addEventListener"];

beforeEach(() => {
  vi.useFakeTimers();
  const native = new Proxy(globalThis, {
    get: (target, name) =>
      MISSING.includes(String(name)) ? undefined : (Reflect.get(target, name) as unknown),
    has: (target, name) => !MISSING.includes(String(name)) && Reflect.has(target, name),
  });
  vi.stubGlobal("window", native);
  for (const name of MISSING) vi.stubGlobal(name, undefined);
  // Its runtime has no WebCrypto of its own.
  vi.stubGlobal("crypto", undefined);
});
afterEach(async () => {
  cleanup();
  await vi.runOnlyPendingTimersAsync();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** AsyncStorage's shape, which answers after half a second. */
function asyncStorage(items: Map<string, string>) {
  const later = () => new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  return {
    getItem: async (key: string): Promise<string | null> => {
      await later();
      return items.get(key) ?? null;
    },
    setItem: async (key: string, value: string): Promise<void> => {
      await later();
      items.set(key, value);
    },
  };
}

function mountApp(items: Map<string, string>) {
  const requests: string[] = [];
  const shown: string[] = [];
  // A server that knows a session by its cookie and by nothing else.
  const customFetchImpl: typeof fetch = (input, init) => {
    const path = new URL(String(input)).pathname.replace("/api/auth", "");
    requests.push(path);
    const sent = new Headers(init?.headers).get("better-auth-cookie") ?? "";
    const isKnown = sent.includes("session_token=alive");
    if (path === "/sign-in/email")
      return reply(
        { token: "t", user: { id: "u" } },
        "better-auth.session_token=alive; Max-Age=604800",
      );
    if (path === "/sign-out")
      return reply({ success: true }, "better-auth.session_token=; Max-Age=0");
    if (path === "/convex/token")
      return isKnown ? reply({ token: tokenOf("a") }) : reply({}, "", 401);
    return reply(isKnown ? { session: { id: "a" }, user: { id: "u" } } : null);
  };
  const authClient = createAuthClient({
    baseURL: "https://example.convex.site",
    fetchOptions: { customFetchImpl },
    plugins: [crossDomainClient({ storage: asyncStorage(items) }), convexClient()],
  });
  const convex = recordingConvex();
  function Probe(): ReactElement {
    const { isLoading, isAuthenticated } = useConvexAuth();
    const now = isLoading ? "loading" : isAuthenticated ? "in" : "out";
    if (shown.at(-1) !== now) shown.push(now);
    return <p>{now}</p>;
  }
  render(
    <ConvexBetterAuthProvider client={asConvex(convex)} authClient={authClient}>
      <Probe />
    </ConvexBetterAuthProvider>,
  );
  return { requests, shown, authClient, convex };
}

function reply(body: unknown, cookie = "", status = 200): Promise<Response> {
  const headers = cookie === "" ? {} : { "set-better-auth-cookie": cookie };
  return Promise.resolve(Response.json(body, { status, headers }));
}

const KEY = "better-auth_cookies.https_example.convex.site";
const KEPT = JSON.stringify({ "better-auth.session_token": { value: "alive", expires: null } });

it("a kept session is found in a slow storage, and nobody is shown signed out before", async () => {
  const { requests, shown, convex } = mountApp(new Map([[KEY, KEPT]]));
  await pass(SLOW_MS - 50);
  expect([shown, requests]).toEqual([["loading"], []]);
  await pass(10_000);
  expect(shown).toEqual(["loading", "in"]);
  expect(requests).toEqual(["/get-session", "/convex/token"]);
  expect(convex.count("set")).toBe(1);
});

it("signing in and out writes the storage, and the next start finds what was left", async () => {
  const items = new Map<string, string>();
  const { shown, authClient } = mountApp(items);
  await pass(5_000);
  expect(shown).toEqual(["loading", "out"]);
  void authClient.signIn.email({ email: "a@example.com", password: "a password" });
  await pass(5_000);
  expect(shown).toEqual(["loading", "out", "in"]);
  expect(items.get(KEY)).toContain("alive");
  void authClient.signOut();
  await pass(5_000);
  expect(shown.slice(0, 3)).toEqual(["loading", "out", "in"]);
  expect(shown.at(-1)).toBe("out");
  expect(items.get(KEY)).not.toContain("alive");
  cleanup();
  const next = mountApp(items);
  await pass(5_000);
  expect(next.shown).toEqual(["loading", "out"]);
});
