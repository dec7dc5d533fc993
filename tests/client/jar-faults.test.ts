// @vitest-environment jsdom
/** What a page's storage, its other clients and its server may do to the cookies that a tab keeps. */
import { createAuthClient } from "better-auth/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crossDomainClient } from "../../js/client/plugins/index.js";
import type { CookieStorage } from "../../js/client/plugins/index.js";
import { tokenOf } from "./support/jwt.js";

const SITE = "https://app.convex.site";
const LASTING = "better-auth.session_token=tok; Path=/; HttpOnly; Max-Age=604800";
const TEMPORARY = "better-auth.session_token=tmp; Path=/; HttpOnly";

type Answer = {
  body?: unknown;
  setCookie?: string;
  token?: string;
  delayMs?: number;
  after?: Promise<void>;
};

function client(answer: (url: URL) => Answer, storage?: CookieStorage) {
  const jars: (string | null)[] = [];
  const customFetchImpl: typeof fetch = async (input, init) => {
    jars.push(new Headers(init?.headers).get("better-auth-cookie"));
    const { body = null, setCookie, token, delayMs = 0, after } = answer(new URL(String(input)));
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await after;
    return Response.json(body, {
      headers: {
        ...(setCookie === undefined ? {} : { "set-better-auth-cookie": setCookie }),
        ...(token === undefined ? {} : { "set-convex-token": token }),
      },
    });
  };
  const plugins = [crossDomainClient({ storage })];
  return {
    auth: createAuthClient({ baseURL: SITE, fetchOptions: { customFetchImpl }, plugins }),
    /** The cookies of each request. */
    jars,
  };
}

const isResume = ({ pathname }: URL): boolean => pathname.endsWith("/cross-domain/resume");

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  window.history.replaceState(null, "", "/");
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("another host's base URL for one request gets no cookies, and sets none of ours", async () => {
  const { auth, jars } = client(({ origin }) =>
    origin === SITE ? { setCookie: LASTING } : { setCookie: LASTING.replace("tok", "theirs") },
  );
  await auth.getSession();
  await auth.$fetch("/x", { baseURL: "https://elsewhere.example" });
  await auth.getSession();
  expect(jars).toEqual(["", "", "better-auth.session_token=tok"]);
});

describe("a storage of the browser", () => {
  it.each(["getItem", "setItem"] as const)("whose %s throws fails no request", async (name) => {
    vi.spyOn(Storage.prototype, name).mockImplementation(() => {
      throw new DOMException("full, or corrupted");
    });
    const { auth, jars } = client(() => ({ setCookie: LASTING, body: { url: "https://p.test" } }));
    expect((await auth.signIn.social({ provider: "github" })).error).toBeNull();
    expect((await auth.getSession()).error).toBeNull();
    if (name === "setItem") expect(jars[1]).toBe("better-auth.session_token=tok");
  });
});

it("a page that may not change its address answers its requests", async () => {
  window.history.replaceState(null, "", "/x?auth_ticket=t");
  const { auth } = client((url) => (isResume(url) ? { body: { url: "/x" } } : {}));
  vi.spyOn(window.history, "replaceState").mockImplementation(() => {
    throw new DOMException("too often", "SecurityError");
  });
  expect(await auth.getSession()).toEqual({ data: null, error: null });
});

it("a sandboxed page, which has no cookies, fails no request", async () => {
  vi.spyOn(document, "cookie", "set").mockImplementation(() => {
    throw new DOMException("sandboxed", "SecurityError");
  });
  const { auth, jars } = client(() => ({ setCookie: `${LASTING}, seen=1; Max-Age=60` }));
  expect((await auth.getSession()).error).toBeNull();
  expect((await auth.getSession()).error).toBeNull();
  expect(jars[1]).toContain("session_token=tok");
});

describe("an answer that is late", () => {
  const RENEWED = `${LASTING}, better-auth.convex_jwt=j; Path=/; HttpOnly; Max-Age=900`;
  const GONE = "better-auth.session_token=; Path=/; HttpOnly; Max-Age=0";
  const session = { session: { id: "s", expiresAt: "2099-01-01" }, user: { id: "u" } };
  const kept = (): string[] =>
    [localStorage, sessionStorage].flatMap((storage) => Object.values(storage) as string[]);

  /** A page whose `get-session` is answered when the test says so. */
  function page(answer: Answer) {
    let arrive = (): void => undefined;
    const after = new Promise<void>((resolve) => (arrive = resolve));
    const { auth, jars } = client(({ pathname }) => {
      if (pathname.endsWith("/new")) return { setCookie: LASTING };
      if (pathname.endsWith("/old")) return { setCookie: LASTING.replace("=tok", "=old") };
      if (pathname.endsWith("/sign-out")) return { setCookie: GONE, body: { success: true } };
      if (pathname.endsWith("/get-session")) return { ...answer, after };
      return pathname.endsWith("/sign-in/email") ? answer : {};
    });
    return { auth, jars, arrive };
  }

  it.each([RENEWED, RENEWED.replace("; Max-Age=604800", "")])(
    "brings back neither a session that was signed out of meanwhile nor its token: %s",
    async (setCookie) => {
      const token = tokenOf("s");
      const { auth, jars, arrive } = page({ setCookie, body: session, token });
      await auth.$fetch("/sign-in/email");
      const late = auth.getSession();
      await vi.waitFor(() => expect(jars).toHaveLength(2));
      await auth.signOut();
      arrive();
      await late;
      await auth.$fetch("/next");
      expect(jars.at(-1)).not.toContain("session_token");
      expect(kept().join()).not.toContain("session_token");
      expect(kept().join()).not.toContain(token);
    },
  );

  it("renews a session that is still the one, and brings its token", async () => {
    const token = tokenOf("s");
    const { auth, arrive } = page({ setCookie: RENEWED, body: session, token });
    arrive();
    await auth.$fetch("/sign-in/email");
    await auth.getSession();
    await auth.getSession();
    expect(kept().join()).toContain(token);
  });

  it("ends no session that was begun meanwhile", async () => {
    const { auth, jars, arrive } = page({ setCookie: GONE });
    await auth.$fetch("/old");
    const late = auth.getSession();
    await vi.waitFor(() => expect(jars).toHaveLength(2));
    await auth.$fetch("/new");
    arrive();
    await late;
    await auth.$fetch("/next");
    expect(jars.at(-1)).toBe("better-auth.session_token=tok");
  });
});

describe("a slow storage", () => {
  /** The second look takes longer than everything that the first leads to. */
  function slowStorage(items: Map<string, string>): CookieStorage {
    let looks = 0;
    return {
      async getItem(key) {
        const item = items.get(key) ?? null;
        looks += 1;
        await new Promise((resolve) => setTimeout(resolve, looks === 2 ? 100 : 1));
        return item;
      },
      setItem: async (key, value) => void items.set(key, value),
    };
  }

  it("that is asked by two requests at once forgets neither's cookies", async () => {
    const { auth, jars } = client(
      ({ pathname }) => (pathname.endsWith("/first") ? { setCookie: LASTING } : {}),
      slowStorage(new Map()),
    );
    await Promise.all([auth.$fetch("/first"), auth.$fetch("/second")]);
    await auth.$fetch("/third");
    expect(jars[2]).toBe("better-auth.session_token=tok");
  });

  it("gives two requests at once what version 0.1 kept, and still has it afterwards", async () => {
    const old = JSON.stringify({ "better-auth.session_token": { value: "old", expires: null } });
    const items = new Map([["better-auth_cookies", old]]);
    const { auth, jars } = client(() => ({}), slowStorage(items));
    await Promise.all([auth.$fetch("/first"), auth.$fetch("/second")]);
    expect(jars).toEqual(["better-auth.session_token=old", "better-auth.session_token=old"]);
    expect(items.get("better-auth_cookies.https_app.convex.site")).toBe(old);
  });
});

it("every client of a page waits for the navigation that one of them goes on with", async () => {
  window.history.replaceState(null, "", "/x?auth_ticket=t");
  client((url) => (isResume(url) ? { body: { url: "/x" }, setCookie: LASTING, delayMs: 20 } : {}));
  const second = client(() => ({}));
  await second.auth.getSession();
  expect(second.jars).toEqual(["better-auth.session_token=tok"]);
});

describe("on a server with a storage of its own", () => {
  it.each([LASTING, TEMPORARY])("one user's cookie is no other user's: %s", async (setCookie) => {
    vi.stubGlobal("window", undefined);
    const users = { a: new Map<string, string>(), b: new Map<string, string>() };
    let user: keyof typeof users = "a";
    // As one that looks the user up in the request that is being answered.
    const { auth, jars } = client(() => (user === "a" ? { setCookie } : {}), {
      getItem: async (key) => users[user].get(key) ?? null,
      setItem: async (key, value) => void users[user].set(key, value),
    });
    await auth.getSession();
    user = "b";
    await auth.getSession();
    user = "a";
    await auth.getSession();
    const [own = ""] = setCookie.split(";");
    expect(jars).toEqual(["", "", own]);
  });
});
