import { describe, expect, it, vi } from "vitest";
import { createConvexGateClient } from "../../js/client/index.js";
import type { SessionSnapshot } from "../../js/client/index.js";
import { jwt } from "./support/jwt.js";

const session: SessionSnapshot = {
  session: { id: "s1", userId: "u1", expiresAt: 2_000_000 },
  user: { id: "u1" },
};

function createHarness() {
  let now = 1_000_000;
  const transport = {
    getSession: vi.fn(() => Promise.resolve<SessionSnapshot | null>(session)),
    getToken: vi.fn(() => Promise.resolve<string | null>(jwt({ exp: 1_600, sessionId: "s1" }))),
    signOut: vi.fn(() => Promise.resolve()),
  };
  const client = createConvexGateClient({ transport, now: () => now });
  return { client, transport, wait: (ms: number) => (now += ms) };
}

describe("createConvexGateClient", () => {
  it("asks once for concurrent calls and answers from the cache afterwards", async () => {
    const { client, transport, wait } = createHarness();
    await Promise.all([
      client.getSession(),
      client.getSession(),
      client.getToken(),
      client.getToken(),
    ]);
    await client.getSession();
    await client.getToken();
    expect(transport.getSession).toHaveBeenCalledTimes(1);
    expect(transport.getToken).toHaveBeenCalledTimes(1);
    wait(30_001);
    await client.getSession();
    expect(transport.getSession).toHaveBeenCalledTimes(2);
  });

  it("asks once for both where the session brings its token, and for nothing more where there is none", async () => {
    const { client, transport, wait } = createHarness();
    const token = jwt({ exp: 1_600, sessionId: "s1" });
    Object.assign(transport, { sessionBringsToken: true });
    transport.getSession.mockResolvedValueOnce({ ...session, token } as SessionSnapshot);
    const [given, found] = await Promise.all([client.getToken(), client.getSession()]);
    expect([given, found, await client.getToken()]).toEqual([token, session, token]);
    expect(transport.getSession).toHaveBeenCalledTimes(1);
    expect(transport.getToken).not.toHaveBeenCalled();
    // The session is known: a token that has ended is asked for by itself.
    wait(600_000);
    await client.getToken();
    expect(transport.getToken).toHaveBeenCalledTimes(1);
    client.clearCache();
    transport.getSession.mockResolvedValueOnce(null);
    expect(await client.getToken()).toBeNull();
    expect(transport.getToken).toHaveBeenCalledTimes(1);
  });

  it("never answers with an expired token, and asks anew when forced", async () => {
    const { client, transport, wait } = createHarness();
    await client.getToken();
    await client.getToken({ forceRefresh: true });
    expect(transport.getToken).toHaveBeenLastCalledWith({ forceRefresh: true });
    wait(600_000);
    await client.getToken();
    expect(transport.getToken).toHaveBeenCalledTimes(3);
  });

  it("forgets everything on sign-out, also when the network fails", async () => {
    const { client, transport } = createHarness();
    await client.getSession();
    await client.getToken();
    transport.signOut.mockRejectedValueOnce(new Error("offline"));
    await expect(client.signOut()).rejects.toThrow("offline");
    transport.getSession.mockResolvedValueOnce(null);
    expect(await client.getSession()).toBeNull();
    await client.getToken();
    expect(transport.getToken).toHaveBeenCalledTimes(2);
  });

  it("does not fill its caches with what was asked for before they were cleared", async () => {
    const { client, transport } = createHarness();
    let finish: (value: SessionSnapshot | null) => void = () => undefined;
    transport.getSession.mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
    const asked = client.getSession();
    client.clearCache();
    finish(session);
    await asked;
    await client.getSession();
    expect(transport.getSession).toHaveBeenCalledTimes(2);
  });

  describe("never takes a token for another session's", () => {
    const of = (id: string): SessionSnapshot => ({
      session: { id, userId: `user of ${id}`, expiresAt: 9_000_000 },
      user: { id: `user of ${id}` },
    });
    const tokenOf = (sessionId: string): string => jwt({ exp: 9_000, sessionId });

    /** A server whose session changes without this client: in another tab, or by a client of Better Auth's own. */
    function createWorld(sessionBringsToken = false) {
      const harness = createHarness();
      const world = { ...harness, current: "a" as string | null };
      const { transport } = harness;
      Object.assign(transport, { sessionBringsToken });
      transport.getSession.mockImplementation(async () =>
        world.current === null ? null : of(world.current),
      );
      transport.getToken.mockImplementation(async () => world.current && tokenOf(world.current));
      return world;
    }

    /** The next token that is asked for arrives when the test says so. */
    function late(transport: ReturnType<typeof createHarness>["transport"]) {
      let arrive: (token: string | null) => void = () => undefined;
      transport.getToken.mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)));
      return (token: string | null) => arrive(token);
    }

    it.each([true, false])("that was found later; it may bring one: %s", async (brings) => {
      const world = createWorld(brings);
      const { client, wait } = world;
      await client.getSession();
      expect(await client.getToken()).toBe(tokenOf("a"));
      world.current = "b";
      wait(30_001);
      expect((await client.getSession())?.user.id).toBe("user of b");
      expect(await client.getToken()).toBe(tokenOf("b"));
    });

    it("and keeps it while the session is the same", async () => {
      const { client, transport, wait } = createWorld();
      await client.getToken();
      await client.getSession();
      wait(30_001);
      await client.getSession();
      await client.getToken();
      expect(transport.getToken).toHaveBeenCalledTimes(1);
    });

    it.each(["b", null])("that took its place while it was on its way: %s", async (next) => {
      const world = createWorld();
      const { client, transport, wait } = world;
      await client.getSession();
      const arrive = late(transport);
      const early = client.getToken();
      world.current = next;
      wait(30_001);
      await client.getSession();
      // Nobody who asks from now on waits for the one of the session before.
      const expected = next && tokenOf(next);
      expect(await client.getToken()).toBe(expected);
      arrive(tokenOf("a"));
      expect(await early).toBe(tokenOf("a"));
      expect(await client.getToken()).toBe(expected);
    });

    it.each(["b", null])("of which it hears first while it is on its way: %s", async (next) => {
      const world = createWorld();
      const { client, transport } = world;
      const arrive = late(transport);
      const early = client.getToken();
      world.current = next;
      await client.getSession();
      arrive(tokenOf("a"));
      await early;
      expect(await client.getToken()).toBe(next && tokenOf(next));
    });

    it.each(["b", null])("and asks for that anew when the token tells of it: %s", async (next) => {
      const world = createWorld();
      const { client } = world;
      await client.getSession();
      world.current = next;
      expect(await client.getToken()).toBe(next && tokenOf(next));
      expect((await client.getSession())?.session.id).toBe(next ?? undefined);
    });

    it("which came along with an answer about this one", async () => {
      const { client, transport } = createWorld(true);
      const answer = { ...of("a"), token: tokenOf("b") };
      transport.getSession.mockResolvedValueOnce(answer);
      expect(await client.getToken()).toBe(tokenOf("a"));
    });

    it("but keeps one that does not say whose it is", async () => {
      const { client, transport } = createWorld();
      transport.getToken.mockResolvedValue(jwt({ exp: 9_000 }));
      await client.getSession();
      await client.getToken();
      await client.getToken();
      await client.getSession();
      expect(transport.getToken).toHaveBeenCalledTimes(1);
      expect(transport.getSession).toHaveBeenCalledTimes(1);
    });
  });
});
