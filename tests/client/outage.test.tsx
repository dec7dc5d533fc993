// @vitest-environment jsdom
/** What is told while something does not answer, and that what is wrong for good ends in a message. */
import { cleanup } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { useFakeTime } from "./support/fake-time.js";
import { pass } from "./support/mount.js";
import { startWorld } from "./support/world.js";

useFakeTime("error");

it("a sign-out that fails late leaves the page as it was, and nothing degraded", async () => {
  const world = await startWorld();
  world.handler = async (path) => {
    if (path !== "/sign-out") return undefined!;
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    return Response.json({}, { status: 502 });
  };
  void world.authClient.signOut();
  await pass(20_000);
  expect(world.shown.at(-1)).toBe("loading");
  expect(world.status()).toMatchObject({ session: "signedIn", degraded: true });
  await pass(20_000);
  expect(world.shown.at(-1)).toBe("secret of a");
  expect(world.status()).toMatchObject({ session: "signedIn", degraded: false });
});

const said = (): string[] => vi.mocked(console.error).mock.calls.map(([text]) => String(text));
const unreadable = (): Promise<Response> => Promise.reject(new TypeError("Failed to fetch"));

describe("Convex's socket", () => {
  it("that is down is told, and that it is up again", async () => {
    const world = await startWorld();
    world.convex.refuse(true);
    world.convex.drop();
    await pass(5_000);
    expect(world.status()).toEqual({ session: "signedIn", degraded: true, reason: "offline" });
    expect(world.shown.at(-1)).toBe("secret of a");
    world.convex.refuse(false);
    await pass(60_000);
    expect(world.status()).toEqual({ session: "signedIn", degraded: false, reason: null });
    expect(said()).toEqual([]);
  });

  it("that is down for a moment is not worth a word", async () => {
    const world = await startWorld();
    world.convex.drop();
    for (let i = 0; i < 20; i += 1) {
      await pass(250);
      expect(world.status().degraded).toBe(false);
    }
  });

  it("that went down as the device fell asleep is not worth a word when it wakes", async () => {
    const world = await startWorld();
    world.convex.drop();
    await pass(0);
    vi.setSystemTime(Date.now() + 60_000);
    // Timers that ran out meanwhile come at once, before any connection can be made.
    world.convex.refuse(true);
    await pass(3_500);
    expect(world.status().degraded).toBe(false);
    world.convex.refuse(false);
    await pass(60_000);
    expect(world.status().degraded).toBe(false);
  });

  it("is not opened for somebody who is signed out", async () => {
    const world = await startWorld({ session: null });
    await pass(60_000);
    expect(world.convex.connections()).toBe(0);
  });

  it("wakes a page that was loaded during an outage as soon as it is up", async () => {
    // No chance in any pause: Convex tries again after 8 s at most, and the session is asked for after 15 s.
    vi.spyOn(Math, "random").mockReturnValue(0);
    const world = await startWorld({ session: null });
    cleanup();
    world.cookie = "a";
    const reloaded = await startWorld({
      handler: unreadable,
      isDown: true,
    });
    await pass(120_000);
    expect(reloaded.status()).toMatchObject({ session: "unknown", reason: "offline" });
    // From an attempt that has just failed.
    reloaded.forget();
    for (let i = 0; i < 100 && reloaded.requests.length === 0; i += 1) await pass(200);
    reloaded.handler = () => undefined;
    reloaded.forget();
    // Nothing is asked until the pause of the last attempt is over, or Convex is there.
    await pass(900);
    expect(reloaded.requests).toEqual([]);
    reloaded.convex.refuse(false);
    const before = reloaded.convex.connections();
    for (let i = 0; i < 50 && reloaded.convex.connections() === before; i += 1) await pass(200);
    await pass(900);
    expect(reloaded.requests).toEqual(["/get-session"]);
    await pass(2_000);
    expect(reloaded.shown.at(-1)).toBe("secret of a");
  });
});

describe("auth endpoints that the page may not read, as with a wrong SITE_URL", () => {
  it("end in a message on the page and one on the console, and in nothing once they can be read", async () => {
    const world = await startWorld({ handler: unreadable });
    await pass(10_000);
    expect(world.status()).toEqual({ session: "unknown", degraded: true, reason: "unreachable" });
    expect(world.shown).toEqual(["loading", "unavailable"]);
    await pass(300_000);
    expect(said()).toEqual([
      expect.stringContaining(`npx convex env set SITE_URL ${window.location.origin}`),
    ]);
    world.handler = () => undefined;
    await pass(60_000);
    expect(world.shown.at(-1)).toBe("secret of a");
    expect(world.status().degraded).toBe(false);
  });

  it("name what the server says is wrong, where it says it", async () => {
    const body = { code: "ENV_MISSING", message: "SITE_URL is not set." };
    const world = await startWorld({ handler: () => Response.json(body, { status: 500 }) });
    await pass(10_000);
    expect(world.status()).toMatchObject({ session: "unknown", reason: "server" });
    expect(world.shown).toEqual(["loading", "unavailable"]);
    expect(said()).toEqual([expect.stringContaining("ENV_MISSING: SITE_URL is not set.")]);
  });
});

it("a token endpoint that asks for patience, as while keys change, is asked again after the time it told", async () => {
  const world = await startWorld();
  const busy = () =>
    Response.json({ code: "KEYS_CHANGING" }, { status: 503, headers: { "Retry-After": "20" } });
  world.handler = (path) => (path === "/convex/token" ? busy() : undefined);
  // The next renewal.
  await pass(880_000);
  world.forget();
  await pass(10_000);
  expect(world.status()).toEqual({ session: "signedIn", degraded: true, reason: "server" });
  expect(world.requests).toEqual(["/convex/token"]);
  await pass(17_000);
  expect(world.requests).toHaveLength(1);
  world.handler = () => undefined;
  await pass(6_000);
  expect(world.status().degraded).toBe(false);
  expect(world.requests).toHaveLength(2);
});

it("a Convex that does not take the tokens is told, with what to do", async () => {
  const world = await startWorld({ refusesTokens: true });
  await pass(60_000);
  expect(world.status()).toEqual({ session: "signedIn", degraded: true, reason: "refused" });
  expect(world.shown).toEqual(["loading", "unavailable"]);
  expect(said()).toEqual([expect.stringContaining("convex/auth.config.ts")]);
});

describe("a sign-out that is under way", () => {
  it("shows nothing that is protected until it is answered, whatever else is", async () => {
    const world = await startWorld();
    world.forget();
    let answer: (response: Response) => void = () => undefined;
    world.handler = (path) =>
      path === "/sign-out" ? new Promise((resolve) => (answer = resolve)) : undefined;
    void world.authClient.signOut();
    await pass(2_000);
    // As when the window gets the focus.
    world.authClient.$store.notify("$sessionSignal");
    await pass(30_000);
    expect(world.shown).toEqual(["loading"]);
    expect(world.status()).toMatchObject({ session: "signedIn", degraded: true });
    world.sessions.clear();
    answer(Response.json({ success: true }));
    await pass(2_000);
    expect(world.shown).toEqual(["loading", "out"]);
    expect(world.status().degraded).toBe(false);
  });

  it("is over for the page when it was answered, though the session cannot be asked for", async () => {
    const world = await startWorld();
    world.forget();
    world.handler = (path) => (path === "/sign-out" ? undefined : unreadable());
    void world.authClient.signOut();
    await pass(2_000);
    expect(world.shown).toEqual(["loading", "out"]);
  });
});
