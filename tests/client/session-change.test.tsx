// @vitest-environment jsdom
/** Requests that replace the session: the old one ends on the server before the client hears of the new one. */
import { render } from "@testing-library/react";
import { createAuthClient } from "better-auth/react";
import { ConvexError } from "convex/values";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { expect, it } from "vitest";
import { convexClient } from "../../js/client/plugins/index.js";
import { AuthBoundary, ConvexBetterAuthProvider } from "../../js/react/index.js";
import { fakeQuery } from "./support/fake-query.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { asConvex, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

// React reports every error that a boundary takes.
useFakeTime("error");

const refusal = new ConvexError({ code: "UNAUTHENTICATED", message: "nobody is signed in" });

/** A guest, "a", who signs up and is "b" once the answer of the sign-up is there, after `answerMs`. */
function setUp(answerMs: number, answer: () => Response) {
  let [cookie, alive] = ["a", "a"];
  const shown: string[] = [];
  const customFetchImpl: typeof fetch = async (input) => {
    const { pathname } = new URL(String(input));
    if (pathname.endsWith("/sign-up/email")) {
      alive = "b";
      query.fail(refusal);
      await new Promise((resolve) => setTimeout(resolve, answerMs));
      const response = answer();
      if (response.ok) cookie = "b";
      return response;
    }
    const isLive = cookie === alive;
    if (pathname.endsWith("/token"))
      return isLive ? Response.json({ token: tokenOf(cookie) }) : new Response("", { status: 401 });
    return Response.json(isLive ? { session: { id: cookie }, user: { id: cookie } } : null);
  };
  const authClient = createAuthClient({
    baseURL: "https://example.convex.site",
    fetchOptions: { customFetchImpl },
    plugins: [convexClient()],
  });
  const [convex, query] = [recordingConvex(), fakeQuery()];
  function Shown({ text }: { text: string }): ReactElement {
    useEffect(() => void shown.push(text), [text]);
    return <p>{text}</p>;
  }
  function Protected(): ReactElement {
    query.useFakeQuery();
    return <Shown text="secret" />;
  }
  render(
    <ConvexBetterAuthProvider client={asConvex(convex)} authClient={authClient}>
      <AuthBoundary fallback={<Shown text="sign in" />} loading={<Shown text="loading" />}>
        <Protected />
      </AuthBoundary>
    </ConvexBetterAuthProvider>,
  );
  const signUp = (): void =>
    void authClient.signUp
      .email({ name: "Ada", email: "ada@example.com", password: "correct horse" })
      .catch(() => undefined);
  return { convex, query, shown, signUp };
}

it("a query that fails while a sign-up replaces the session signs nobody out", async () => {
  const { convex, query, shown, signUp } = setUp(3_000, () => Response.json({ token: "b" }));
  await pass(1_000);
  shown.length = 0;
  signUp();
  await pass(2_900);
  query.fail(null);
  await pass(2_000);
  expect(shown).toEqual(["loading", "secret"]);
  expect(convex.count("clear")).toBe(0);
});

it("a sign-up that ended the session and failed is found out", async () => {
  const { shown, signUp } = setUp(3_000, () => new Response("", { status: 500 }));
  await pass(1_000);
  shown.length = 0;
  signUp();
  await pass(5_000);
  expect(shown).toEqual(["loading", "sign in"]);
});

it("a sign-up that is never answered is not waited for", async () => {
  const { shown, signUp } = setUp(1e9, () => Response.json({}));
  await pass(1_000);
  shown.length = 0;
  signUp();
  await pass(15_000);
  expect(shown).toEqual(["loading", "sign in"]);
});
