// @vitest-environment jsdom
import { createAuthClient } from "better-auth/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";
import type { CookieStorage } from "../../js/client/plugins/index.js";

const SITE = "https://app.convex.site";
const SIGNED_IN = "better-auth.session_token=tok.c2ln%3D; Path=/; HttpOnly; Max-Age=604800";
const SIGNED_OUT = "better-auth.session_token=; Path=/; Max-Age=0";

interface Sent {
  url: string;
  method: string;
  headers: Headers;
  credentials: RequestCredentials | undefined;
  body: unknown;
}

function server(answer: (sent: Sent) => { body?: unknown; setCookie?: string; delayMs?: number }) {
  const sent: Sent[] = [];
  const customFetchImpl: typeof fetch = async (input, init) => {
    const request: Sent = {
      url: String(input),
      method: init?.method ?? "GET",
      headers: new Headers(init?.headers),
      credentials: init?.credentials,
      body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined,
    };
    sent.push(request);
    const { body = null, setCookie, delayMs = 0 } = answer(request);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return new Response(JSON.stringify(body), {
      headers: {
        "content-type": "application/json",
        ...(setCookie ? { "set-better-auth-cookie": setCookie } : {}),
      },
    });
  };
  return { sent, customFetchImpl };
}

function client(customFetchImpl: typeof fetch, storage?: CookieStorage) {
  return createAuthClient({
    baseURL: SITE,
    fetchOptions: { customFetchImpl },
    plugins: [crossDomainClient({ storage }), convexClient()],
  });
}

const pathsOf = (sent: Sent[]): string[] => sent.map(({ url }) => new URL(url).pathname);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  localStorage.clear();
  sessionStorage.clear();
  window.history.replaceState(null, "", "/");
});

afterEach(() => {
  vi.useRealTimers();
});

describe("cookies", () => {
  it("come back with the next request, and none are the browser's", async () => {
    const { sent, customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const auth = client(customFetchImpl);
    await auth.signIn.email({ email: "a@example.com", password: "password" });
    await auth.getSession();
    expect(sent[0]?.headers.get("better-auth-cookie")).toBe("");
    expect(sent[1]?.headers.get("better-auth-cookie")).toBe(
      "better-auth.session_token=tok.c2ln%3D",
    );
    expect(sent.map(({ credentials }) => credentials)).toEqual(["omit", "omit"]);
  });

  it("are neither sent to another host nor taken from it", async () => {
    const { sent, customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const auth = client(customFetchImpl);
    await auth.getSession();
    await auth.$fetch("https://elsewhere.example/get-session");
    expect(sent[1]?.headers.has("better-auth-cookie")).toBe(false);
    const before = localStorage.getItem("better-auth_cookies");
    await auth.$fetch("https://elsewhere.example/x", { method: "POST", body: {} });
    expect(sent[2]?.headers.has("better-auth-cross-domain-verifier")).toBe(false);
    expect(localStorage.getItem("better-auth_cookies")).toBe(before);
  });

  it("outlive a storage that refuses them, for as long as the page does", async () => {
    const { sent, customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const auth = client(customFetchImpl, {
      getItem: () => null,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    });
    await auth.getSession();
    await auth.getSession();
    expect(sent[1]?.headers.get("better-auth-cookie")).toContain("session_token=tok");
  });

  it("are read once from a slow storage", async () => {
    const getItem = vi.fn(() => Promise.resolve(null));
    const { sent, customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const auth = client(customFetchImpl, { getItem, setItem: () => Promise.resolve() });
    await auth.getSession();
    await auth.getSession();
    expect(getItem).toHaveBeenCalledTimes(1);
    expect(sent[1]?.headers.get("better-auth-cookie")).toContain("session_token=tok");
  });
});

describe("notices of a changed session", () => {
  function counted(customFetchImpl: typeof fetch) {
    const auth = client(customFetchImpl);
    let notices = -1;
    // Called once at the start.
    auth.$store.listen("$sessionSignal", () => (notices += 1));
    return { auth, notices: () => notices };
  }

  it("do not come with answers that change nothing", async () => {
    const { customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const { auth, notices } = counted(customFetchImpl);
    for (let i = 0; i < 100; i += 1) await auth.getSession();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notices()).toBe(0);
  });

  it("come once where Better Auth gives its own", async () => {
    const { customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const { auth, notices } = counted(customFetchImpl);
    await auth.signIn.email({ email: "a@example.com", password: "password" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notices()).toBe(1);
  });

  it("come once where it gives none", async () => {
    const { customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const { auth, notices } = counted(customFetchImpl);
    await auth.$fetch("/passkey/verify-authentication", { method: "POST", body: {} });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notices()).toBe(1);
  });

  it("come from other tabs, when the session is another", () => {
    const { customFetchImpl } = server(() => ({}));
    const { notices } = counted(customFetchImpl);
    const jar = (value: string, other: string): string =>
      JSON.stringify({
        "better-auth.session_token": { value, expires: null },
        other: { value: other, expires: null },
      });
    const tell = (oldValue: string | null, newValue: string | null, key: string | null): void => {
      window.dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue }));
    };
    tell(jar("1", "1"), jar("1", "2"), "better-auth_cookies");
    tell("1", "2", "something else");
    expect(notices()).toBe(0);
    tell(jar("1", "1"), jar("2", "1"), "better-auth_cookies");
    expect(notices()).toBe(1);
    tell(null, null, null);
    expect(notices()).toBe(2);
  });
});

/** Lets the fake clock run until the promise settles: a hash takes real time, which that clock knows nothing of. */
async function untilSettled<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const watched = promise.finally(() => (settled = true));
  while (!settled) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return watched;
}

describe("one-time tokens", () => {
  const isRedemption = ({ url }: Sent): boolean => url.endsWith("/one-time-token/verify");

  it("are redeemed by the tab that started the flow, before the session is asked for", async () => {
    const { sent, customFetchImpl } = server((request) =>
      isRedemption(request) ? { setCookie: SIGNED_IN, delayMs: 500 } : {},
    );
    await client(customFetchImpl).signIn.social({ provider: "github" });
    const challenge = sent[0]?.headers.get("better-auth-cross-domain-verifier");
    expect(challenge).toMatch(/^[A-Za-z0-9_-]{43}$/);

    window.history.replaceState({ kept: true }, "", "/todos?page=2&ott=one-time#top");
    const auth = client(customFetchImpl);
    expect(window.location.href).toContain("/todos?page=2#top");
    expect(window.history.state).toEqual({ kept: true });
    await untilSettled(auth.getSession());
    expect(pathsOf(sent.slice(1))).toEqual([
      "/api/auth/cross-domain/one-time-token/verify",
      "/api/auth/get-session",
    ]);
    const { token, verifier } = sent[1]?.body as { token: string; verifier: string };
    expect(token).toBe("one-time");
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    expect(Buffer.from(digest).toString("base64url")).toBe(challenge);
    expect(sent[2]?.headers.get("better-auth-cookie")).toContain("session_token=tok");
  });

  it("of a flow that was started elsewhere are removed and not used, and the address says so", async () => {
    window.history.replaceState({ kept: true }, "", "/todos?page=2&ott=forged#top");
    const { sent, customFetchImpl } = server(() => ({}));
    const auth = client(customFetchImpl);
    await auth.getSession();
    expect(window.location.href).toMatch(/\/todos\?page=2&error=LINK_OPENED_ELSEWHERE#top$/);
    expect(window.history.state).toEqual({ kept: true });
    expect(pathsOf(sent)).toEqual(["/api/auth/get-session"]);
  });

  it("that the server refuses are told of in the address, before the session is known", async () => {
    const { customFetchImpl } = server(() => ({}));
    await client(customFetchImpl).signIn.social({ provider: "github" });
    window.history.replaceState(null, "", "/?ott=used");
    const auth = client((input, init) =>
      String(input).endsWith("/verify")
        ? Promise.resolve(Response.json({ code: "INVALID_ONE_TIME_TOKEN" }, { status: 401 }))
        : customFetchImpl(input, init),
    );
    expect(window.location.search).toBe("");
    await untilSettled(auth.getSession());
    expect(window.location.search).toBe("?error=INVALID_ONE_TIME_TOKEN");
  });

  it("that cannot be redeemed hold nothing up for long", async () => {
    const { customFetchImpl } = server((request) =>
      isRedemption(request) ? { delayMs: 1e9 } : {},
    );
    await client(customFetchImpl).signIn.social({ provider: "github" });
    window.history.replaceState(null, "", "/?ott=slow");
    const asked = client((input, init) =>
      String(input).endsWith("/verify")
        ? new Promise((_, reject) => {
            init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
          })
        : customFetchImpl(input, init),
    ).getSession();
    const startedAt = Date.now();
    expect(await untilSettled(asked)).toEqual({ data: null, error: null });
    expect(Date.now() - startedAt).toBeLessThanOrEqual(11_000);
  });

  it("keep the secret in the tab: only its hash is in a request", async () => {
    const { sent, customFetchImpl } = server(() => ({ setCookie: SIGNED_OUT }));
    const auth = client(customFetchImpl);
    await auth.signIn.social({ provider: "github" });
    await auth.signOut();
    const secret = sessionStorage.getItem("better-auth_verifier");
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(sent.map(({ body, headers }) => [body, [...headers]]))).not.toContain(
      secret,
    );
  });
});
