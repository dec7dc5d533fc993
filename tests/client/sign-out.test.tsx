// @vitest-environment jsdom
import { render } from "@testing-library/react";
import { createAuthClient } from "better-auth/react";
import { Authenticated, AuthLoading, Unauthenticated } from "convex/react";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { expect, it } from "vitest";
import { convexClient } from "../../js/client/plugins/index.js";
import { ConvexBetterAuthProvider } from "../../js/react/index.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { asConvex, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

useFakeTime();

/** The documented app with a real Better Auth client; `log` has requests and what a protected query goes through. */
function setUp(signOut: () => Promise<Response>) {
  const log: string[] = [];
  let alive = true;
  const customFetchImpl: typeof fetch = (input) => {
    const { pathname } = new URL(String(input));
    log.push(pathname.replace("/api/auth", ""));
    if (pathname.endsWith("/sign-out"))
      return signOut().then((response) => {
        if (response.ok) alive = false;
        return response;
      });
    if (!alive && pathname.endsWith("/token")) return reply({}, 401);
    if (pathname.endsWith("/token")) return reply({ token: tokenOf("a") });
    return reply(alive ? { session: { id: "a" }, user: { id: "u" } } : null);
  };
  const authClient = createAuthClient({
    baseURL: "https://example.convex.site",
    fetchOptions: { customFetchImpl },
    plugins: [convexClient()],
  });
  const convex = recordingConvex();
  function Protected(): ReactElement {
    useEffect(() => {
      log.push("subscribe");
      return () => void log.push("unsubscribe");
    }, []);
    return <p>secret</p>;
  }
  const view = render(
    <ConvexBetterAuthProvider client={asConvex(convex)} authClient={authClient}>
      <Authenticated>
        <Protected />
      </Authenticated>
      <AuthLoading>one moment</AuthLoading>
      <Unauthenticated>please sign in</Unauthenticated>
    </ConvexBetterAuthProvider>,
  );
  const text = (): string | null => view.container.textContent;
  return { log, authClient, convex, text };
}

const reply = (body: unknown, status = 200): Promise<Response> =>
  Promise.resolve(Response.json(body, { status }));

it("a real client takes one request for the session and one for a token", async () => {
  const { log, text } = setUp(() => reply({ success: true }));
  await pass(1_000);
  expect(text()).toBe("secret");
  expect(log).toEqual(["/get-session", "/convex/token", "subscribe"]);
});

it("protected queries end before a sign-out is sent, and Convex is cleared once", async () => {
  const { log, authClient, convex, text } = setUp(() => reply({ success: true }));
  await pass(1_000);
  log.length = 0;
  void authClient.signOut();
  await pass(1_000);
  expect(log).toEqual(["unsubscribe", "/sign-out", "/get-session"]);
  expect(text()).toBe("please sign in");
  expect(convex.count("clear")).toBe(1);
  expect(convex.count("failed")).toBe(0);
});

it.each([
  ["is refused", () => reply({}, 500)],
  ["is not answered", () => Promise.reject(new TypeError("Failed to fetch"))],
])("a sign-out that %s brings them back", async (_what, signOut) => {
  const { log, authClient, convex, text } = setUp(signOut);
  await pass(1_000);
  log.length = 0;
  authClient.signOut().catch(() => undefined);
  await pass(1_000);
  expect(log).toEqual(["unsubscribe", "/sign-out", "subscribe"]);
  expect(text()).toBe("secret");
  expect(convex.count("set")).toBe(1);
  expect(convex.count("clear")).toBe(0);
});
