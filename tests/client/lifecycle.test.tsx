// @vitest-environment jsdom
import { render } from "@testing-library/react";
import { useConvex, useConvexAuth } from "convex/react";
import type { ReactElement } from "react";
import { describe, expect, it, vi } from "vitest";
import { ConvexBetterAuthProvider } from "../../js/react/index.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { asConvex, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

useFakeTime();

function setUp(session: string | null = "a") {
  const [convex, auth] = [recordingConvex(), fakeAuthClient(session)];
  const clients: unknown[] = [];
  function Probe(): ReactElement {
    const { isLoading, isAuthenticated } = useConvexAuth();
    clients.push(useConvex());
    return <p>{isLoading ? "loading" : isAuthenticated ? "in" : "out"}</p>;
  }
  const provider = (key: string, initialToken?: string): ReactElement => (
    <ConvexBetterAuthProvider
      key={key}
      client={asConvex(convex)}
      authClient={auth}
      initialToken={initialToken}
    >
      <Probe />
    </ConvexBetterAuthProvider>
  );
  return { convex, auth, clients, provider };
}

describe("two providers of the same clients", () => {
  it.each([undefined, "a"])(
    "are one to Convex and to the server (initialToken of %s)",
    async (s) => {
      const { convex, auth, provider } = setUp();
      const token = s === undefined ? undefined : tokenOf(s);
      const { container, rerender } = render([provider("1", token), provider("2", token)]);
      await pass(1_000);
      expect(container.textContent).toBe("inin");
      expect(convex.count("set")).toBe(1);
      expect(auth.requests).toEqual({ session: 1, token: token ? 0 : 1, fresh: 0 });
      rerender([provider("2", token)]);
      await pass(1_000);
      expect([container.textContent, convex.count("clear")]).toEqual(["in", 0]);
      rerender([]);
      await pass(1_000);
      expect(convex.count("clear")).toBe(1);
    },
  );
});

describe("a provider", () => {
  it("that is replaced at once, as hot reload does, leaves Convex signed in", async () => {
    const { convex, auth, provider } = setUp();
    const { container, rerender } = render(provider("1"));
    await pass(1_000);
    rerender(provider("2"));
    await pass(1_000);
    expect(container.textContent).toBe("in");
    expect([convex.count("set"), convex.count("clear")]).toEqual([1, 0]);
    expect(auth.requests.token).toBe(1);
  });

  it("that goes stops retries", async () => {
    const { auth, provider } = setUp();
    auth.tokenOutcome = () => ({ kind: "status", status: 500 });
    const { unmount } = render(provider("1"));
    await pass(2_000);
    unmount();
    await pass(20_000);
    const { token } = auth.requests;
    await pass(120_000);
    expect(auth.requests.token).toBe(token);
  });

  it("that goes while a token is being asked for leaves nothing running", async () => {
    const { auth, convex, provider } = setUp();
    const { unmount } = render(provider("1"));
    await pass(2_000);
    auth.tokenOutcome = () => ({ kind: "status", status: 500 });
    auth.delayMs = () => 1_000;
    void convex.refresh();
    unmount();
    await pass(20_000);
    expect(auth.requests.token).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives components the real client", async () => {
    const { convex, clients, provider } = setUp();
    render(provider("1"));
    await pass(100);
    expect(new Set(clients)).toEqual(new Set([convex]));
  });

  it("renders no more often than auth changes", async () => {
    const { auth, clients, provider } = setUp();
    render(provider("1"));
    await pass(1_000);
    const before = clients.length;
    for (let i = 0; i < 20; i += 1) {
      void auth.signal();
      await pass(50);
    }
    expect(clients.length).toBe(before);
  });
});
