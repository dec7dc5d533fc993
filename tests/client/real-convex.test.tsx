// @vitest-environment jsdom
/** The provider over the real `ConvexReactClient`, whose server, socket and clock are the test's. */
import { render } from "@testing-library/react";
import { Authenticated, AuthLoading, Unauthenticated, useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import type { ReactElement } from "react";
import { describe, expect, it, vi } from "vitest";
import { ConvexBetterAuthProvider } from "../../js/react/index.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { memoryServer } from "./support/memory-socket.js";
import { pass as passAtOnce } from "./support/mount.js";

const TWO_HOURS_MS = 2 * 3_600_000;
const secretQuery = makeFunctionReference<"query", Record<string, never>, string>("notes:secret");

useFakeTime();

function setUp(reuse: boolean, initialToken?: string) {
  const server = memoryServer({ initialAuthTokenReuse: reuse });
  const auth = fakeAuthClient("a");
  const setAuth = vi.spyOn(server.client, "setAuth");
  const clearAuth = vi.spyOn(server.client, "clearAuth");
  const shown: string[] = [];
  function Show({ text }: { text: string }): ReactElement {
    if (shown.at(-1) !== text) shown.push(text);
    return <p>{text}</p>;
  }
  const Secret = (): ReactElement => <Show text={useQuery(secretQuery, {}) ?? "querying"} />;
  const view = render(
    <ConvexBetterAuthProvider client={server.client} authClient={auth} initialToken={initialToken}>
      <Authenticated>
        <Secret />
      </Authenticated>
      <AuthLoading>
        <Show text="loading" />
      </AuthLoading>
      <Unauthenticated>
        <Show text="out" />
      </Unauthenticated>
    </ConvexBetterAuthProvider>,
  );
  return { server, auth, setAuth, clearAuth, shown, view };
}

/** React shows nothing before a step ends, so what follows from being shown needs steps of its own. */
async function pass(ms: number): Promise<void> {
  const steps = 20;
  for (let i = 0; i < steps; i += 1) await passAtOnce(50);
  await passAtOnce(ms - steps * 50);
}

/** The device is asleep: its clock goes on, no timer runs. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe.each([{ reuse: true }, { reuse: false }])("initialAuthTokenReuse: $reuse", ({ reuse }) => {
  it("a cold load runs no query without an identity", async () => {
    const { server, auth, setAuth, shown } = setUp(reuse);
    await pass(2_000);
    expect(shown).toEqual(["loading", "querying", "secret"]);
    expect(new Set(server.log)).toEqual(new Set(["auth live", "query live"]));
    expect(auth.requests).toMatchObject({ session: 1, token: reuse ? 1 : 2 });
    expect(setAuth).toHaveBeenCalledTimes(1);
  });

  it("a token that the server rendered with is the first that Convex gets", async () => {
    const { server, auth, setAuth, clearAuth, shown } = setUp(reuse, tokenOf("a"));
    await pass(2_000);
    expect(server.log[0]).toBe("auth live");
    expect(shown).toEqual(["loading", "querying", "secret"]);
    expect(auth.requests.token).toBe(reuse ? 0 : 1);
    expect([setAuth.mock.calls.length, clearAuth.mock.calls.length]).toEqual([1, 0]);
  });

  it("tokens are replaced before they end, with one request each and nothing to see", async () => {
    const { server, auth, setAuth, shown } = setUp(reuse);
    await pass(2_000);
    const before = auth.requests.token;
    await pass(TWO_HOURS_MS);
    // Tokens live 900 s and Convex renews them 10 s early: eight in two hours, and nothing between them.
    expect(auth.requests.token - before).toBe(8);
    expect(auth.requests.session).toBe(1);
    expect(server.log).not.toContain("auth expired");
    expect(shown).toEqual(["loading", "querying", "secret"]);
    expect(setAuth).toHaveBeenCalledTimes(1);
  });

  it.each([{ connection: "held" }, { connection: "lost" }])(
    "two hours of sleep, connection $connection: no query runs before a new token, nothing is seen",
    async ({ connection }) => {
      const { server, auth, setAuth, clearAuth, shown } = setUp(reuse);
      await pass(2_000);
      server.log.length = 0;
      const { token } = auth.requests;
      sleep(TWO_HOURS_MS);
      if (connection === "lost") server.drop();
      // A page that is looked at again: Better Auth asks for the session, and timers are due at last.
      void auth.signal();
      await pass(900_000);
      const first = server.log.indexOf("auth live");
      expect(first).toBeGreaterThanOrEqual(0);
      // Convex may repeat its last token when it connects anew before it has the next; the server runs nothing for it.
      expect(server.log.slice(0, first).every((entry) => entry === "auth expired")).toBe(true);
      expect(server.log).not.toContain("query none");
      expect(server.log).not.toContain("anonymous");
      expect(auth.requests.token).toBeGreaterThan(token);
      expect(auth.flying.most).toBe(1);
      expect(shown).toEqual(["loading", "querying", "secret"]);
      expect([setAuth.mock.calls.length, clearAuth.mock.calls.length]).toEqual([1, 0]);
    },
  );

  it.each([3_600_000, -3_600_000])("a clock that is set by %i ms signs nobody out", async (ms) => {
    const { server, auth, shown } = setUp(reuse);
    await pass(2_000);
    vi.setSystemTime(Date.now() + ms);
    server.aheadMs = -ms;
    auth.serverAheadMs = -ms;
    await pass(1_800_000);
    expect(shown).toEqual(["loading", "querying", "secret"]);
    expect(server.log).not.toContain("anonymous");
  });

  it("a change of session is no moment without an identity", async () => {
    const { server, auth, setAuth, clearAuth, shown } = setUp(reuse);
    await pass(2_000);
    auth.session = "b";
    void auth.signal();
    await pass(2_000);
    expect(server.log).not.toContain("anonymous");
    expect(shown).toEqual(["loading", "querying", "secret"]);
    expect([setAuth.mock.calls.length, clearAuth.mock.calls.length]).toEqual([2, 0]);
  });

  it("a sign-out runs no protected query again", async () => {
    const { server, auth, clearAuth, shown } = setUp(reuse);
    await pass(2_000);
    server.log.length = 0;
    auth.session = null;
    void auth.signal();
    await pass(2_000);
    expect(server.log).toEqual(["anonymous"]);
    expect(shown.at(-1)).toBe("out");
    expect(clearAuth).toHaveBeenCalledTimes(1);
  });
});
