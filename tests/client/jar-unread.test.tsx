// @vitest-environment jsdom
/** A storage that cannot be read is not one without cookies: a keychain while the device is locked, a busy database. */
import { beforeEach, expect, it } from "vitest";
import { keepCookies } from "../../js/client/plugins/kept-cookies.js";
import type { CookieStorage } from "../../js/client/plugins/index.js";
import { useFakeTime } from "./support/fake-time.js";
import { pass } from "./support/mount.js";
import { load, startSite } from "./support/two-origin-page.js";

const KEYS = { key: "key", oldKey: "old" };
const NAME = "better-auth.session_token";
const JAR = JSON.stringify({ [NAME]: { value: "kept", expires: null } });

useFakeTime();
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

/** A storage whose next so many reads are refused. */
function lockedFor(reads: number, items = new Map<string, string>([["key", JAR]])) {
  const lock = { reads, items };
  const storage: CookieStorage = {
    async getItem(key) {
      if (lock.reads <= 0) return items.get(key) ?? null;
      lock.reads -= 1;
      throw new Error("errSecInteractionNotAllowed");
    },
    setItem: async (key, value) => void items.set(key, value),
  };
  return { lock, storage, items };
}

/** What a promise comes to, once the fake clock has run. */
async function settled<T>(work: Promise<T>): Promise<T | "rejected"> {
  const done = work.catch(() => "rejected" as const);
  await pass(5_000);
  return done;
}

it("is read again shortly", async () => {
  const kept = keepCookies(KEYS, lockedFor(2).storage);
  expect(await settled(kept.header())).toBe(`${NAME}=kept`);
});

it("that stays unreadable fails what is asked of it, and is read the next time", async () => {
  const { lock, storage } = lockedFor(Infinity);
  const kept = keepCookies(KEYS, storage);
  expect(await settled(kept.header())).toBe("rejected");
  expect(await settled(kept.token())).toBeNull();
  expect(await settled(kept.keepToken("token", ""))).toBeUndefined();
  lock.reads = 0;
  expect(await settled(kept.header())).toBe(`${NAME}=kept`);
});

it("is not written over by an answer", async () => {
  const { lock, storage, items } = lockedFor(Infinity);
  const kept = keepCookies(KEYS, storage);
  expect(await settled(kept.receive("better-auth.state=s; Max-Age=300", ""))).toBe("rejected");
  expect(items.get("key")).toBe(JAR);
  lock.reads = 0;
  await settled(kept.receive("better-auth.state=s; Max-Age=300", `${NAME}=kept`));
  expect(items.get("key")).toContain("kept");
});

it("gives what version 0.1 kept, where that can only be read", async () => {
  const kept = keepCookies(KEYS, {
    getItem: async (key) => (key === "old" ? JAR : null),
    setItem: () => Promise.reject(new Error("full")),
  });
  expect(await settled(kept.header())).toBe(`${NAME}=kept`);
});

it("signs nobody out: the page waits, and shows its user once the device is unlocked", async () => {
  const { lock, storage, items } = lockedFor(0, new Map());
  const site = startSite();
  const first = load(site, storage);
  await pass(1_000);
  await first.signIn("a");
  const before = [...items];
  lock.reads = Infinity;
  const { log } = load(site, storage);
  await pass(20_000);
  expect(log.filter((entry) => entry.startsWith("/"))).toEqual([]);
  expect(log).not.toContain("<out>");
  expect([...items]).toEqual(before);
  lock.reads = 0;
  await pass(60_000);
  expect(log).not.toContain("<out>");
  expect(log.at(-1)).toBe("<secret of a>");
});
