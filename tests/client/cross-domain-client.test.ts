// @vitest-environment jsdom
import { createAuthClient } from "better-auth/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";
import type { CookieStorage } from "../../js/client/plugins/index.js";

const SITE = "https://app.convex.site";
const SIGNED_IN = "better-auth.session_token=tok.c2ln%3D; Path=/; HttpOnly; Max-Age=604800";

const KEY = "better-auth_cookies.https_app.convex.site";

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
    const before = localStorage.getItem(KEY);
    expect(before).toContain("session_token");
    await auth.$fetch("https://elsewhere.example/x", { method: "POST", body: {} });
    expect(localStorage.getItem(KEY)).toBe(before);
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
    const getItem = vi.fn((_key: string) => Promise.resolve(null));
    const { sent, customFetchImpl } = server(() => ({ setCookie: SIGNED_IN }));
    const auth = client(customFetchImpl, { getItem, setItem: () => Promise.resolve() });
    await auth.getSession();
    await auth.getSession();
    expect(getItem.mock.calls).toEqual([[KEY], ["better-auth_cookies"]]);
    expect(sent[1]?.headers.get("better-auth-cookie")).toContain("session_token=tok");
  });
});

describe("the jar", () => {
  const TEMPORARY = "better-auth.session_token=tmp.c2ln; Path=/; HttpOnly";

  it("belongs to one deployment", async () => {
    const first = server(() => ({ setCookie: SIGNED_IN }));
    await client(first.customFetchImpl).getSession();
    const { sent, customFetchImpl } = server(() => ({}));
    await createAuthClient({
      baseURL: "https://other.convex.site",
      fetchOptions: { customFetchImpl },
      plugins: [crossDomainClient()],
    }).getSession();
    expect(sent[0]?.headers.get("better-auth-cookie")).toBe("");
  });

  it("takes over what version 0.1 kept: users stay signed in", async () => {
    const old = JSON.stringify({ "better-auth.session_token": { value: "old", expires: null } });
    localStorage.setItem("better-auth_cookies", old);
    const { sent, customFetchImpl } = server(() => ({}));
    await client(customFetchImpl).getSession();
    expect(sent[0]?.headers.get("better-auth-cookie")).toBe("better-auth.session_token=old");
    expect(localStorage.getItem("better-auth_cookies")).toBe("{}");
    await client(customFetchImpl).getSession();
    expect(sent[1]?.headers.get("better-auth-cookie")).toBe("better-auth.session_token=old");
  });

  it("keeps a cookie without an end for the life of the tab, and one of a name", async () => {
    const { sent, customFetchImpl } = server(({ url }) => ({
      setCookie: url.endsWith("/remember") ? SIGNED_IN : TEMPORARY,
    }));
    const auth = client(customFetchImpl);
    const jar = (): string | null | undefined => sent.at(-1)?.headers.get("better-auth-cookie");
    await auth.$fetch("/forget", { method: "POST" });
    expect(localStorage.getItem(KEY)).toBe("{}");
    // A reload of the tab.
    await client(customFetchImpl).getSession();
    expect(jar()).toBe("better-auth.session_token=tmp.c2ln");
    // Remembered from now on.
    await auth.$fetch("/remember", { method: "POST" });
    expect(sessionStorage.getItem(`${KEY}.tab`)).toBe("{}");
    // And not any more: what was remembered must not come back when the tab is closed.
    await auth.$fetch("/forget", { method: "POST" });
    sessionStorage.clear();
    await client(customFetchImpl).getSession();
    expect(jar()).toBe("");
  });

  it("shows scripts what is not HttpOnly, and nothing else", async () => {
    const { customFetchImpl } = server(() => ({
      setCookie: `${SIGNED_IN}, better-auth.last_used_login_method=email; Max-Age=60; Path=/`,
    }));
    await client(customFetchImpl).getSession();
    expect(document.cookie).toBe("better-auth.last_used_login_method=email");
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

  it("come from other tabs, when the session is another", async () => {
    const { customFetchImpl } = server(() => ({}));
    const { auth, notices } = counted(customFetchImpl);
    await auth.getSession();
    const jar = (value: string, other: string): string =>
      JSON.stringify({
        "better-auth.session_token": { value, expires: null },
        other: { value: other, expires: null },
      });
    const tell = (oldValue: string | null, newValue: string | null, key: string | null): void => {
      window.dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue }));
    };
    tell(jar("1", "1"), jar("1", "2"), KEY);
    tell(jar("1", "1"), jar("2", "1"), KEY.replace("app", "other"));
    tell("1", "2", "something else");
    expect(notices()).toBe(0);
    tell(jar("1", "1"), jar("2", "1"), KEY);
    expect(notices()).toBe(1);
    tell(null, null, null);
    expect(notices()).toBe(2);
  });
});

/** Lets the fake clock run until the promise settles. */
async function untilSettled<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const watched = promise.finally(() => (settled = true));
  while (!settled) await vi.advanceTimersByTimeAsync(100);
  return watched;
}

describe("a navigation that came home", () => {
  const isResume = ({ url }: Sent): boolean => url.endsWith("/cross-domain/resume");

  it("goes on before the session is asked for, and its ticket is nowhere any more", async () => {
    window.history.replaceState({ kept: true }, "", "/todos?page=2&auth_ticket=t1#top");
    const { sent, customFetchImpl } = server((request) =>
      isResume(request)
        ? { body: { url: "/todos?page=2#top" }, setCookie: SIGNED_IN, delayMs: 500 }
        : {},
    );
    const auth = client(customFetchImpl);
    expect(window.location.href).toMatch(/\/todos\?page=2#top$/);
    expect(window.history.state).toEqual({ kept: true });
    await untilSettled(auth.getSession());
    expect(pathsOf(sent)).toEqual(["/api/auth/cross-domain/resume", "/api/auth/get-session"]);
    expect(sent[0]?.body).toEqual({ ticket: "t1" });
    expect(sent[1]?.headers.get("better-auth-cookie")).toContain("session_token=tok");
    // Where it ended is where the page was: nothing is loaded again.
    expect(window.location.href).toMatch(/\/todos\?page=2#top$/);
    expect(window.history.state).toEqual({ kept: true });
  });

  it("tells a hash router where it ended, with an address that has no ticket any more", async () => {
    window.history.replaceState(null, "", "/?auth_ticket=t1#/sign-in");
    const here = new URL("/", window.location.href).href;
    const heard: [string, string][] = [];
    const hear = ({ oldURL, newURL }: HashChangeEvent): number => heard.push([oldURL, newURL]);
    window.addEventListener("hashchange", hear);
    const { customFetchImpl } = server((request) =>
      isResume(request) ? { body: { url: "/#/welcome" } } : {},
    );
    await untilSettled(client(customFetchImpl).getSession());
    await vi.waitFor(() => expect(heard).toEqual([[`${here}#/sign-in`, `${here}#/welcome`]]));
    window.removeEventListener("hashchange", hear);
  });

  it("may lead to another one, and not to many", async () => {
    window.history.replaceState(null, "", "/?auth_ticket=t1");
    const { sent, customFetchImpl } = server((request) => {
      if (!isResume(request)) return {};
      const { ticket } = request.body as { ticket: string };
      return { body: ticket === "t1" ? { url: null, ticket: "t2" } : { url: null } };
    });
    await untilSettled(client(customFetchImpl).getSession());
    expect(sent.filter(isResume).map(({ body }) => body)).toEqual([
      { ticket: "t1" },
      { ticket: "t2" },
    ]);

    const endless = server((request) =>
      isResume(request) ? { body: { url: null, ticket: "again" } } : {},
    );
    const opened = await client(endless.customFetchImpl).crossDomain.open(
      "myapp://in?auth_ticket=again",
    );
    expect(opened).toEqual({ url: null, error: { code: "TOO_MANY_REDIRECTS" } });
    expect(endless.sent.filter(isResume).length).toBeLessThan(10);
  });

  it("holds nothing up for long", async () => {
    window.history.replaceState(null, "", "/");
    const { customFetchImpl } = server(() => ({}));
    const auth = client((input, init) =>
      String(input).endsWith("/resume")
        ? new Promise((_, reject) => {
            init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
          })
        : customFetchImpl(input, init),
    );
    const opened = auth.crossDomain.open(`${SITE}/?auth_ticket=slow`);
    const startedAt = Date.now();
    expect(await untilSettled(auth.getSession())).toEqual({ data: null, error: null });
    expect(Date.now() - startedAt).toBeLessThanOrEqual(11_000);
    expect(await opened).toEqual({ url: null, error: { code: "FLOW_INTERRUPTED" } });
  });
});

describe("open", () => {
  it("goes on with a deep link, tells its end, and has the session asked for again", async () => {
    const { sent, customFetchImpl } = server(() => ({
      body: { url: "myapp://inside" },
      setCookie: SIGNED_IN,
    }));
    const auth = client(customFetchImpl);
    let notices = -1;
    auth.$store.listen("$sessionSignal", () => (notices += 1));
    expect(await auth.crossDomain.open("myapp://inside?auth_ticket=t1")).toEqual({
      url: "myapp://inside",
      error: null,
    });
    expect(sent.map(({ body }) => body)).toEqual([{ ticket: "t1" }]);
    expect(notices).toBe(1);
  });

  it("gives a refusal's code, and null for every other link", async () => {
    const auth = client(() =>
      Promise.resolve(
        Response.json({ code: "INVALID_TICKET", message: "It is over." }, { status: 401 }),
      ),
    );
    expect(await auth.crossDomain.open(new URL("myapp://inside?auth_ticket=used"))).toEqual({
      url: null,
      error: { code: "INVALID_TICKET", message: "It is over." },
    });
    for (const link of ["myapp://inside", "https://x.example/?ticket=1", "no url", ""])
      expect(await auth.crossDomain.open(link)).toBeNull();
  });
});
