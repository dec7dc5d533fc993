// @vitest-environment jsdom
/** A page that nobody touches while its session ends: one request, then signed out. */
import { describe, expect, it, vi } from "vitest";
import { useFakeTime } from "./support/fake-time.js";
import { pass } from "./support/mount.js";
import { startWorld } from "./support/world.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

useFakeTime("error", "warn");

function quiet(): void {
  expect(console.error).not.toHaveBeenCalled();
  expect(console.warn).not.toHaveBeenCalled();
}

describe.each([
  ["a server that refuses tokens a leeway before the end", 15_000],
  ["a server that gives tokens to the very end", 0],
])("%s", (_server, leewayMs) => {
  it.each([
    ["an impersonation", HOUR_MS, 0],
    ["a session that is not remembered", DAY_MS, 0],
    ["a clock that is an hour slow", HOUR_MS, HOUR_MS],
    ["a clock that is an hour fast", 3 * HOUR_MS, -HOUR_MS],
  ])(
    "%s ends with one request and is signed out",
    async (_what, lifeMs, aheadMs) => {
      const world = await startWorld({ lifeMs, aheadMs, leewayMs });
      expect(world.shown.at(-1)).toBe("secret of a");
      // The last half minute begins.
      await pass(lifeMs - 32_000);
      world.forget();
      await pass(40_000);
      expect(world.shown).toEqual(["out"]);
      expect(world.signedOut()).toBe(1);
      expect(world.status()).toMatchObject({ session: "signedOut", degraded: false });
      const frames = world.convex.log.filter((entry) => entry !== "anonymous");
      // A token that ends with its session is asked for once, and never given to Convex.
      expect(world.requests).toEqual(
        leewayMs > 0 ? ["/convex/token"] : ["/convex/token", "/convex/token"],
      );
      expect(frames).toEqual([]);
      quiet();
      await pass(HOUR_MS);
      expect(world.requests.length).toBeLessThanOrEqual(2);
    },
    60_000,
  );
});

it("a session that ended while the device slept is over when the page is looked at again", async () => {
  const world = await startWorld({ lifeMs: HOUR_MS, leewayMs: 15_000 });
  world.forget();
  vi.setSystemTime(Date.now() + 2 * HOUR_MS);
  await pass(0);
  expect(world.shown).toEqual([]);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(1_000);
  expect(world.shown).toEqual(["out"]);
  expect(world.requests).toHaveLength(1);
  quiet();
});

it("a session that ended while the device slept is over without anybody looking", async () => {
  const world = await startWorld({ lifeMs: HOUR_MS, leewayMs: 15_000 });
  world.forget();
  vi.setSystemTime(Date.now() + 2 * HOUR_MS);
  await pass(60_000);
  expect(world.shown).toEqual(["out"]);
  expect(world.requests).toEqual(["/convex/token"]);
});

it("a session that was renewed elsewhere goes on, with one request at its old end", async () => {
  const world = await startWorld({ lifeMs: HOUR_MS });
  const old = world.sessions.get("a")!;
  // The last token ends with the session, and Convex asks for no more.
  await pass(HOUR_MS - 8_000);
  world.sessions.set("a", old + 7 * DAY_MS);
  world.forget();
  await pass(60_000);
  expect(world.requests).toEqual(["/convex/token"]);
  await pass(2 * HOUR_MS);
  expect(world.shown).toEqual([]);
  expect(world.status()).toMatchObject({ session: "signedIn", degraded: false });
  // Tokens of 15 minutes again.
  expect(world.requests.length).toBeLessThanOrEqual(10);
});

it.each([HOUR_MS, 100_000])(
  "a Convex client that asks early asks once, then the session's end does (page loaded %i ms before)",
  async (lifeMs) => {
    const world = await startWorld({ lifeMs, leewayMs: 15_000, asksBeforeS: 120 });
    await pass(lifeMs - 90_000);
    await pass(100_000);
    expect(world.shown.at(-1)).toBe("out");
    const tokens = world.requests.filter((path) => path === "/convex/token");
    // One at the load, then a renewal every 13 minutes.
    expect(tokens.length).toBeLessThanOrEqual(lifeMs === HOUR_MS ? 7 : 3);
    expect(world.convex.log.filter((entry) => entry === "auth live").length).toBeLessThan(7);
  },
);

it.each([
  ["forward", HOUR_MS],
  ["back", -HOUR_MS],
])("a clock that is put %s ends no session, and hides no end", async (_where, byMs) => {
  const world = await startWorld({ lifeMs: 0.5 * HOUR_MS, leewayMs: 15_000 });
  world.forget();
  // The server's clock goes on as it was.
  vi.setSystemTime(Date.now() + byMs);
  world.convex.aheadMs = -byMs;
  await pass(10 * 60_000);
  expect(world.shown).toEqual([]);
  expect(world.requests.length).toBeLessThanOrEqual(1);
  await pass(20 * 60_000);
  expect(world.shown).toEqual(["out"]);
  expect(world.requests.length).toBeLessThanOrEqual(4);
  quiet();
});

it("a change of keys shortly before the end takes nothing from the page", async () => {
  const world = await startWorld({ lifeMs: 600_000, leewayMs: 15_000 });
  await pass(60_000);
  world.forget();
  world.convex.forgetKeys();
  world.convex.drop();
  await pass(10_000);
  // Of the same end, and still worth having.
  expect(world.requests).toEqual(["/convex/token"]);
  expect(world.shown).toEqual([]);
  expect(world.convex.log).toContain("auth live");
});

it("whatever the server's tokens are, Convex is not given one after the other", async () => {
  const world = await startWorld({ lifeMs: HOUR_MS, reuse: false });
  const ends = Math.floor(world.sessions.get("a")! / 1000);
  const { tokenOf } = await import("./support/jwt.js");
  // A server that goes on with tokens that end in the past.
  world.handler = (path) =>
    path === "/convex/token"
      ? Response.json({ token: tokenOf("a", ends - Math.floor(Date.now() / 1000)) })
      : undefined;
  world.forget();
  await pass(HOUR_MS - 60_000);
  expect(world.requests.length).toBeLessThan(5);
  expect(world.convex.log.length).toBeLessThan(5);
  await pass(HOUR_MS);
  expect(world.requests.length / 3_600).toBeLessThan(0.2);
  expect(world.convex.log.length / 3_600).toBeLessThan(0.2);
});
