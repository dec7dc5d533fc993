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
});
