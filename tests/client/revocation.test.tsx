// @vitest-environment jsdom
/** Sessions that are revoked or replaced elsewhere, as pages with and without a protected query learn of it. */
import { describe, expect, it, vi } from "vitest";
import { useFakeTime } from "./support/fake-time.js";
import { pass } from "./support/mount.js";
import { startWorld } from "./support/world.js";

useFakeTime("error");

describe("a session that is revoked elsewhere", () => {
  it.each([
    ["with a protected query", true],
    ["without one", false],
  ])("is over at once on a page %s, without a request", async (_what, isProtected) => {
    const world = await startWorld({ isProtected });
    world.forget();
    world.revoke("a");
    await pass(900);
    expect(world.shown).toEqual(["out"]);
    expect(world.signedOut()).toBe(1);
    expect(world.requests).toEqual([]);
    // Better Auth's own hook knows, too.
    expect(world.authClient.$store.atoms["session"]!.get()).toMatchObject({ data: null });
    expect(world.convex.log).toEqual(["anonymous"]);
    expect(console.error).not.toHaveBeenCalled();
  });

  it("is over after one request where the app does not watch it, with no error on the console", async () => {
    const world = await startWorld({ watches: false });
    world.forget();
    world.revoke("a");
    await pass(400);
    await pass(400);
    expect(world.shown).toEqual(["out"]);
    expect(world.requests).toEqual(["/convex/token"]);
    expect(console.error).not.toHaveBeenCalled();
  });

  it("costs nothing while it lives: what is written elsewhere is no request and no new subscription", async () => {
    const world = await startWorld();
    world.forget();
    for (let i = 0; i < 20; i += 1) world.convex.rerun();
    await pass(5_000);
    expect([world.requests, world.shown, world.convex.log]).toEqual([[], [], []]);
  });

  it("and of which Convex has no identity for a moment signs nobody out", async () => {
    const world = await startWorld({ isProtected: false });
    world.forget();
    world.convex.answer = () => null;
    world.convex.rerun();
    await pass(2_000);
    expect([world.requests, world.shown]).toEqual([[], []]);
  });
});

it("a query that fails for another reason is told once, and signs nobody out", async () => {
  const world = await startWorld({ isProtected: false });
  world.convex.answer = () => ({ refusal: "NOT_FOUND" });
  world.convex.rerun();
  await pass(2_000);
  expect(world.shown.at(-1)).toBe("in");
  expect(console.error).toHaveBeenCalledTimes(1);
});

it("whoever is signed out is subscribed to nothing", async () => {
  const world = await startWorld({ session: null });
  expect(world.shown).toEqual(["loading", "out"]);
  expect(world.convex.log).toEqual([]);
  expect(world.requests).toEqual(["/get-session"]);
});

describe.each([
  ["that watches its session", true],
  ["that does not", false],
])("a guest becomes a user on a page %s", (_what, watches) => {
  it.each([
    ["at once", 0],
    ["after a while", 3_000],
  ])("and the page stays as it is, the answer coming %s", async (_when, answerMs) => {
    const world = await startWorld({ watches });
    world.forget();
    world.handler = async (path) => {
      if (path !== "/sign-up/email") return undefined!;
      world.sessions.set("b", Date.now() + 86_400_000);
      // The guest's session ends before the answer is there.
      world.revoke("a");
      await new Promise((resolve) => setTimeout(resolve, answerMs));
      world.cookie = "b";
      return Response.json({ token: "b", user: {} });
    };
    void world.authClient.signUp.email({
      name: "Ada",
      email: "ada@example.com",
      password: "correct horse",
    });
    await pass(answerMs + 3_000);
    // Neither a new element nor a moment of anything else.
    expect(world.shown).toEqual(["secret of b"]);
    expect(world.signedOut()).toBe(0);
    expect(console.error).not.toHaveBeenCalled();
    expect(world.convex.log.filter((entry) => entry === "anonymous")).toEqual([]);
  });
});

it("nor is a guest signed out in an app without storage, when the end is told after the answer", async () => {
  const world = await startWorld();
  vi.stubGlobal("localStorage", undefined);
  world.forget();
  world.handler = async (path) => {
    if (path === "/get-session") await new Promise((resolve) => setTimeout(resolve, 500));
    if (path !== "/sign-up/email") return undefined!;
    world.sessions.set("b", Date.now() + 86_400_000);
    world.cookie = "b";
    setTimeout(() => world.revoke("a"), 100);
    return Response.json({ token: "b", user: {} });
  };
  void world.authClient.signUp.email({
    name: "Ada",
    email: "ada@example.com",
    password: "correct",
  });
  await pass(3_000);
  vi.unstubAllGlobals();
  expect(world.shown).toEqual(["secret of b"]);
  expect(world.signedOut()).toBe(0);
});

it("another tab's sign-up, too, takes the page to the new session", async () => {
  const world = await startWorld();
  world.forget();
  localStorage.setItem("convex-gate.write", String(Date.now()));
  world.sessions.set("b", Date.now() + 86_400_000);
  world.revoke("a");
  await pass(1_000);
  world.cookie = "b";
  localStorage.setItem("convex-gate.write", String(-Date.now()));
  await pass(3_000);
  expect(world.shown).toEqual(["secret of b"]);
  expect(world.signedOut()).toBe(0);
});

it.each([
  ["an account that is chosen, whose old session lives on", true],
  ["an impersonation that is stopped", false],
])("%s: the page stays, and shows the other's data", async (_what, lives) => {
  const world = await startWorld();
  world.forget();
  world.handler = (path) => {
    if (path !== "/update-session") return undefined;
    world.sessions.set("b", Date.now() + 86_400_000);
    world.cookie = "b";
    if (!lives) world.revoke("a");
    return Response.json({});
  };
  void world.authClient.$fetch("/update-session", { method: "POST", body: {} }).then(() => {
    world.authClient.$store.notify("$sessionSignal");
  });
  await pass(3_000);
  expect(world.shown).toEqual(["secret of b"]);
  expect(world.signedOut()).toBe(0);
});

it("what goes on being refused is not shown for ever", async () => {
  const world = await startWorld({ watches: false });
  world.forget();
  world.convex.answer = () => ({ refusal: "UNAUTHENTICATED" });
  world.convex.rerun();
  await pass(20_000);
  expect(world.shown).toContain("loading");
  expect(world.requests.length).toBeLessThan(10);
});
