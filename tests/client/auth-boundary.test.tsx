// @vitest-environment jsdom
import { ConvexError } from "convex/values";
import type { ReactElement } from "react";
import { describe, expect, it, vi } from "vitest";
import { AuthBoundary } from "../../js/react/index.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { fakeQuery } from "./support/fake-query.js";
import { mount, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

// React reports every error that a boundary takes.
useFakeTime("error");

function setUp(session: string | null = "a", initialToken?: string) {
  const [convex, auth, query] = [recordingConvex(), fakeAuthClient(session), fakeQuery()];
  const onSignedOut = vi.fn();
  function Protected(): ReactElement {
    query.useFakeQuery();
    return <p>secret</p>;
  }
  const view = mount(convex, auth, {
    ...(initialToken === undefined ? {} : { initialToken }),
    children: (
      <AuthBoundary
        fallback={<p>please sign in</p>}
        loading={<p>one moment</p>}
        onSignedOut={onSignedOut}
      >
        <Protected />
      </AuthBoundary>
    ),
  });
  const has = (text: string): boolean => view.queryByText(text) !== null;
  return { convex, auth, query, onSignedOut, has, view };
}

describe("AuthBoundary", () => {
  it("shows loading, then the children, once Convex has confirmed the session", async () => {
    const { has, query } = setUp();
    expect(has("one moment")).toBe(true);
    await pass(12);
    expect([has("secret"), query.subscribers()]).toEqual([false, 0]);
    await pass(1_000);
    expect(has("secret")).toBe(true);
  });

  it("shows the children of a page that was rendered with a token at once, after Convex was given it", async () => {
    const { convex, has, query, view } = setUp("a", tokenOf("a"));
    const secret = view.getByText("secret");
    expect(has("one moment")).toBe(false);
    expect([convex.count("set"), query.subscribers()]).toEqual([1, 1]);
    await pass(1_000);
    // The same element: it was never gone.
    expect(view.getByText("secret")).toBe(secret);
    expect([convex.count("set"), query.subscribers()]).toEqual([1, 1]);
  });

  it("hides the children of a rendered page when the session turns out to be over", async () => {
    const { has } = setUp(null, tokenOf("a"));
    expect(has("secret")).toBe(true);
    await pass(1_000);
    expect([has("secret"), has("please sign in")]).toEqual([false, true]);
  });

  it("shows the fallback to those who are signed out, and calls nobody for it", async () => {
    const { has, onSignedOut } = setUp(null);
    await pass(1_000);
    expect(has("please sign in")).toBe(true);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it.each([
    ["getAuthUser", new ConvexError({ code: "UNAUTHENTICATED" })],
    ["the app", new ConvexError("Unauthenticated")],
  ])("takes a revocation that %s reports", async (_who, error) => {
    const { auth, query, has, onSignedOut, convex } = setUp();
    await pass(1_000);
    auth.session = null;
    query.fail(error);
    expect(has("one moment")).toBe(true);
    expect(query.subscribers()).toBe(0);
    await pass(1_000);
    expect(has("please sign in")).toBe(true);
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    expect(convex.count("clear")).toBe(1);
  });

  it("shows the children again when the session is alive after all", async () => {
    const { query, has, onSignedOut } = setUp();
    await pass(1_000);
    query.fail(new ConvexError({ code: "UNAUTHENTICATED" }));
    query.fail(null);
    await pass(1_000);
    expect(has("secret")).toBe(true);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("tries ever more rarely while they are refused", async () => {
    const { auth, query, has } = setUp();
    await pass(1_000);
    const before = auth.requests.token;
    query.fail(new ConvexError({ code: "UNAUTHENTICATED" }));
    await pass(120_000);
    expect(has("one moment")).toBe(true);
    expect(auth.requests.token - before).toBeLessThan(10);
  });

  it("leaves other errors to other boundaries", async () => {
    const { query } = setUp();
    await pass(1_000);
    expect(() => query.fail(new ConvexError({ code: "NOT_FOUND" }))).toThrow();
  });
});
