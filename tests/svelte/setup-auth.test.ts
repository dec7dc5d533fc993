// @vitest-environment jsdom
/** `setupAuth`, `useAuth` and `useAuthQuery` in a page, over real clients of Better Auth and Convex. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tokenOf } from "../client/support/jwt.js";
import type { World, WorldOptions } from "./support/world.js";
import { pass, startWorld } from "./support/world.js";

let world: World;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  // Whatever happened: nothing protected was ever run without an identity.
  expect(world.asNobody).toEqual([]);
  world.close();
  await vi.runOnlyPendingTimersAsync();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A page that the server rendered for the session `a`, with its data. */
const rendered = (more: WorldOptions = {}): World =>
  startWorld({
    initialState: { session: "signedIn", token: tokenOf("a") },
    preloaded: { session: "a", args: "{}", value: "rendered secret" },
    ...more,
  });

describe("a page that the server rendered", () => {
  it("shows what it holds at once, then what is live, and asks for no token", async () => {
    world = rendered();
    expect(document.body.textContent).toContain("rendered secret");
    await pass(2_000);
    expect(world.shown).toEqual(["rendered secret", "secret of a"]);
    expect(world.convexAuth).toEqual(["in"]);
    expect(world.statuses).toEqual(["signedIn"]);
    expect(world.requests).toEqual(["/get-session"]);
    expect(world.setAuths()).toBe(1);
    expect(world.convex.log).toEqual(["auth live", "query live", "query live"]);
  });

  it("for nobody shows that at once, and connects nobody", async () => {
    world = startWorld({ session: null, initialState: { session: "signedOut", token: null } });
    expect(world.shown).toEqual(["out"]);
    await pass(2_000);
    expect(world.shown).toEqual(["out"]);
    expect(world.convexAuth).toEqual(["out"]);
    expect(world.setAuths()).toBe(0);
    expect(world.convex.log).toEqual([]);
  });

  it("while there was no answer says so, and signs nobody out", async () => {
    world = startWorld({ initialState: { session: "unknown", token: null } });
    expect(world.statuses).toEqual(["unknown degraded"]);
    await pass(2_000);
    expect(world.statuses.at(-1)).toBe("signedIn");
    expect(world.shown.at(-1)).toBe("secret of a");
    expect(world.shown).not.toContain("out");
  });

  it("shows nobody what was loaded for somebody else", async () => {
    world = rendered({ preloaded: { session: "b", args: "{}", value: "secret of b" } });
    await pass(2_000);
    expect(world.shown).toEqual(["querying", "secret of a"]);
  });

  it("shows nothing that was loaded for other arguments", async () => {
    world = rendered({ preloaded: { session: "a", args: '{"id":1}', value: "another secret" } });
    await pass(2_000);
    expect(world.shown).toEqual(["querying", "secret of a"]);
  });
});

describe("a page of files", () => {
  it("goes from unknown to signed in, by one setAuth and without a refused query", async () => {
    world = startWorld();
    await pass(2_000);
    expect(world.statuses).toEqual(["unknown", "signedIn"]);
    expect(world.shown).toEqual(["loading", "querying", "secret of a"]);
    expect(world.convexAuth).toEqual(["loading", "in"]);
    expect(world.setAuths()).toBe(1);
  });

  it("goes from unknown to signed out", async () => {
    world = startWorld({ session: null });
    await pass(2_000);
    expect(world.shown).toEqual(["loading", "out"]);
    expect(world.setAuths()).toBe(0);
  });
});

describe("the end of a session", () => {
  it("by sign-out: the query ends before the request, and nothing is refused", async () => {
    world = rendered();
    await pass(2_000);
    world.forget();
    void world.authClient.signOut();
    await pass(2_000);
    expect(world.shown).toEqual(["out"]);
    expect(world.statuses).toEqual(["signedOut"]);
    expect(world.refused).toEqual([]);
    expect(world.convex.log.at(-1)).toBe("anonymous");
  });

  it.each([true, false])("by revocation elsewhere, with sessionQuery: %s", async (watches) => {
    world = rendered({ watches });
    await pass(2_000);
    world.forget();
    world.revoke("a");
    await pass(2_000);
    expect(world.shown).toEqual(["out"]);
    // Without the query the server is asked what a refusal means.
    expect(world.requests.includes("/convex/token")).toBe(!watches);
  });

  it("and then another user: nothing of the first is shown to him", async () => {
    world = rendered();
    await pass(2_000);
    void world.authClient.signOut();
    await pass(2_000);
    world.forget();
    world.sessions.add("b");
    world.cookie = "b";
    world.authClient.$store.notify("$sessionSignal");
    await pass(2_000);
    expect(world.shown).toEqual(["querying", "secret of b"]);
  });
});

describe("another session on the same page", () => {
  async function change(session: string): Promise<void> {
    world.forget();
    world.sessions.add(session);
    world.cookie = session;
    world.authClient.$store.notify("$sessionSignal");
    await pass(2_000);
  }

  it("of another user: nothing of the first is shown from then on", async () => {
    world = rendered();
    await pass(2_000);
    await change("b");
    expect(world.shown).toEqual(["querying", "secret of b"]);
    expect(world.convexAuth).toEqual(["loading", "in"]);
    expect(world.refused).toEqual([]);
    await change("a");
    // What the page came with is his.
    expect(world.shown).toEqual(["rendered secret", "secret of a"]);
  });

  it("of another user: nothing of the first is shown, however long Convex cannot be reached", async () => {
    world = rendered();
    await pass(2_000);
    world.convex.refuse(true);
    world.convex.drop();
    await change("b");
    await pass(60_000);
    expect(world.shown).toEqual(["querying"]);
    world.convex.refuse(false);
    await pass(60_000);
    expect(world.shown).toEqual(["querying", "secret of b"]);
    expect(world.refused).toEqual([]);
  });

  it("of another user, of which Convex's own next token tells: his data follows, and nothing is refused", async () => {
    world = rendered();
    await pass(2_000);
    world.forget();
    world.sessions.add("b");
    world.cookie = "b";
    await pass(900_000);
    expect(world.shown).toEqual(["querying", "secret of b"]);
    expect(world.refused).toEqual([]);
  });

  it("of the same user: what is shown stays until there is more", async () => {
    world = rendered();
    await pass(2_000);
    await change("a~2");
    expect(world.shown).toEqual(["secret of a~2"]);
    expect(world.convexAuth).toEqual([]);
    expect(world.statuses).toEqual([]);
  });
});

describe("an outage", () => {
  const down = (): Response => new Response("bad gateway", { status: 502 });

  it("of the auth endpoints signs nobody out, says so, and passes", async () => {
    world = rendered({ handler: down });
    await pass(30_000);
    expect(world.statuses).toEqual(["signedIn", "signedIn degraded"]);
    expect(world.shown).toEqual(["rendered secret", "secret of a"]);
    world.handler = () => undefined;
    await pass(60_000);
    expect(world.statuses.at(-1)).toBe("signedIn");
    expect(world.shown).toEqual(["rendered secret", "secret of a"]);
  });

  it("that outlasts the token keeps what is shown, and gets the next token when it is over", async () => {
    world = rendered();
    await pass(2_000);
    world.forget();
    world.handler = down;
    await pass(1_200_000);
    world.convex.drop();
    await pass(10_000);
    expect(world.convex.log).toContain("auth expired");
    expect(world.shown).toEqual([]);
    expect(world.statuses.at(-1)).toBe("signedIn degraded");
    world.handler = () => undefined;
    await pass(400_000);
    expect(world.statuses.at(-1)).toBe("signedIn");
    expect(world.shown).toEqual([]);
    expect(world.convex.log.slice(-3)).toEqual(["auth live", "query live", "query live"]);
  });
});

describe("several components", () => {
  it("share one connection: one setAuth, one session request", async () => {
    world = startWorld({ apps: 2 });
    await pass(2_000);
    expect(world.setAuths()).toBe(1);
    expect(world.requests).toEqual(["/get-session", "/convex/token"]);
    expect(world.statuses).toEqual(["unknown", "signedIn"]);
  });
});
