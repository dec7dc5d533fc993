// @vitest-environment jsdom
/** A query that a server preloaded, with the real Convex client: what is shown before and after it is live. */
import { render } from "@testing-library/react";
import { convexToJson } from "convex/values";
import type { Value } from "convex/values";
import type { FunctionReference } from "convex/server";
import type { ReactElement } from "react";
import { Component, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { usePreloadedAuthQuery } from "../../js/nextjs/client/index.js";
import type { PreloadedAuthQuery } from "../../js/nextjs/index.js";
import type { InitialState } from "../../js/react/index.js";
import { ConvexBetterAuthProvider } from "../../js/react/index.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { memoryServer, refusal } from "./support/memory-socket.js";
import { pass } from "./support/mount.js";

useFakeTime();

type Notes = FunctionReference<"query", "public", { of: string }, string | null>;

/** What a server preloaded for a session; without a value it had none. */
function preloadedFor(session: string | null, value?: Value): PreloadedAuthQuery<Notes> {
  const asked = { name: "notes:secret", args: { of: "me" }, session };
  return value === undefined ? asked : { ...asked, value: convexToJson(value) };
}

const signedIn = (session: string): InitialState => ({
  session: "signedIn",
  token: tokenOf(session),
});
const signedOut: InitialState = { session: "signedOut", token: null };
const unknown: InitialState = { session: "unknown", token: null };

function setUp(
  preloaded: PreloadedAuthQuery<Notes>,
  initialState: InitialState,
  { strict = false, session = "a" as string | null } = {},
) {
  const server = memoryServer({ initialAuthTokenReuse: true });
  const auth = fakeAuthClient(session);
  server.answer = (_name, id) => (id === null ? refusal : `live of ${id}`);
  const shown: string[] = [];
  const thrown: unknown[] = [];

  function Show(props: { preloaded: PreloadedAuthQuery<Notes> }): ReactElement {
    const value = usePreloadedAuthQuery(props.preloaded);
    const now = JSON.stringify(value) ?? "undefined";
    if (shown.at(-1) !== now) shown.push(now);
    return <p>{now}</p>;
  }
  class Catcher extends Component<{ children: ReactElement }, { failed: boolean }> {
    override state = { failed: false };
    static getDerivedStateFromError(error: unknown): { failed: boolean } {
      thrown.push(error);
      return { failed: true };
    }
    override render(): ReactElement | null {
      return this.state.failed ? null : this.props.children;
    }
  }
  const page = (of: PreloadedAuthQuery<Notes>): ReactElement => {
    const app = (
      <ConvexBetterAuthProvider
        client={server.client}
        authClient={auth}
        initialState={initialState}
      >
        <Catcher>
          <Show preloaded={of} />
        </Catcher>
      </ConvexBetterAuthProvider>
    );
    return strict ? <StrictMode>{app}</StrictMode> : app;
  };
  const html = renderToString(page(preloaded));
  const container = document.createElement("div");
  container.innerHTML = html;
  document.body.append(container);
  shown.length = 0;
  const view = render(page(preloaded), { container, hydrate: true });
  const again = (of: PreloadedAuthQuery<Notes>): void => view.rerender(page(of));
  return { server, auth, shown, thrown, html, again };
}

it("has the query's type, which may be null of its own", () => {
  expectTypeOf(usePreloadedAuthQuery<Notes>).returns.toEqualTypeOf<string | null | undefined>();
});

describe.each([{ strict: false }, { strict: true }])(
  "a preloaded value, strict: $strict",
  (how) => {
    it("is in the HTML, stays until the live one is there, and is asked for as the user only", async () => {
      const { server, shown, html, thrown } = setUp(preloadedFor("a", "early"), signedIn("a"), how);
      expect(html).toContain("early");
      expect(shown).toEqual(['"early"']);
      await pass(3_000);
      expect(shown).toEqual(['"early"', '"live of a"']);
      expect(new Set(server.log)).toEqual(new Set(["auth live", "query live"]));
      expect(thrown).toEqual([]);
    });

    it("gives way to a live null", async () => {
      const { server, shown } = setUp(preloadedFor("a", "early"), signedIn("a"), how);
      server.answer = () => null;
      await pass(3_000);
      expect(shown).toEqual(['"early"', "null"]);
    });

    it("is null once the user is signed out, and is not shown to the next one", async () => {
      const { auth, shown, thrown } = setUp(preloadedFor("a", "early"), signedIn("a"), how);
      await pass(3_000);
      auth.session = null;
      void auth.signal();
      await pass(2_000);
      expect(shown).toEqual(['"early"', '"live of a"', "null"]);
      auth.session = "b";
      void auth.signal();
      await pass(3_000);
      expect(shown.slice(3)).toEqual(["undefined", '"live of b"']);
      expect(thrown).toEqual([]);
    });

    it("is not shown to whoever takes the session's place at once, as in another tab", async () => {
      const { auth, shown, thrown } = setUp(preloadedFor("a", "early"), signedIn("a"), how);
      await pass(3_000);
      auth.session = "b";
      void auth.signal();
      await pass(3_000);
      expect(shown).toEqual(['"early"', '"live of a"', "undefined", '"live of b"']);
      expect(thrown).toEqual([]);
    });

    it("of another session is not shown, as on a page that the browser kept", async () => {
      const { shown, thrown } = setUp(preloadedFor("b", "of another"), signedIn("a"), how);
      await pass(3_000);
      expect(shown).toEqual(["undefined", '"live of a"']);
      expect(thrown).toEqual([]);
    });

    it("that is none is null where nobody is signed in, and nothing is asked", async () => {
      const { server, shown } = setUp(preloadedFor(null), signedOut, { ...how, session: null });
      await pass(3_000);
      expect(shown).toEqual(["null"]);
      expect(server.log).toEqual([]);
    });

    it("that is none waits where the server did not know, and is live in the end", async () => {
      const { shown, thrown } = setUp(preloadedFor(null), unknown, how);
      await pass(3_000);
      expect(shown).toEqual(["undefined", '"live of a"']);
      expect(thrown).toEqual([]);
    });
  },
);

it("is not shown to another user whose session the app does not name", async () => {
  const { auth, shown, again } = setUp(preloadedFor("a", "early"), signedIn("a"));
  auth.answerOf = (session) => ({ user: { id: `user of ${session}` } });
  await pass(3_000);
  auth.session = null;
  void auth.signal();
  await pass(2_000);
  auth.session = "b";
  void auth.signal();
  await pass(3_000);
  expect(shown.slice(-3)).toEqual(["null", "undefined", '"live of b"']);
  again(preloadedFor("b", "later"));
  await pass(1_000);
  expect(shown.at(-1)).toBe('"live of b"');
  // And to the next at once.
  auth.session = "c";
  void auth.signal();
  await pass(3_000);
  expect(shown.slice(-3)).toEqual(['"live of b"', "undefined", '"live of c"']);
});

it("is not shown to another user of whom only Convex's next token tells", async () => {
  const { auth, shown } = setUp(preloadedFor("a", "early"), signedIn("a"));
  await pass(3_000);
  auth.session = "b";
  await pass(900_000);
  expect(shown).toEqual(['"early"', '"live of a"', "undefined", '"live of b"']);
});

it("is not shown to whoever comes next while there is no token for him", async () => {
  const { auth, shown } = setUp(preloadedFor("a", "early"), signedIn("a"));
  await pass(3_000);
  auth.tokenOutcome = () => ({ kind: "status", status: 500 });
  auth.session = "b";
  void auth.signal();
  await pass(20_000);
  expect(shown).toEqual(['"early"', '"live of a"', "undefined"]);
});

it("keeps the last live value while Convex has lost the session, however old the page is", async () => {
  const { server, shown, thrown } = setUp(preloadedFor("a", "early"), signedIn("a"));
  await pass(3_000);
  server.takesTokens = false;
  server.drop();
  await pass(20_000);
  server.takesTokens = true;
  await pass(60_000);
  expect(shown).toEqual(['"early"', '"live of a"']);
  expect(thrown).toEqual([]);
});

it("is not a new subscription when the page is rendered again with the same", async () => {
  const { server, shown, again } = setUp(preloadedFor("a", "early"), signedIn("a"));
  await pass(3_000);
  again(preloadedFor("a", "later"));
  await pass(1_000);
  expect(shown).toEqual(['"early"', '"live of a"']);
  expect(server.log.filter((line) => line === "query live")).toHaveLength(1);
});

it("tells a refusal only once the server has said that the session is alive", async () => {
  const { server, auth, shown, thrown } = setUp(preloadedFor("a", "early"), signedIn("a"));
  await pass(3_000);
  // Revoked elsewhere: the query is refused before the page hears why.
  auth.session = null;
  server.answer = () => refusal;
  server.rerun();
  await pass(3_000);
  expect(shown).toEqual(['"early"', '"live of a"', "null"]);
  expect(thrown).toEqual([]);
});

it("throws what the query throws", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { server, thrown } = setUp(preloadedFor("a", "early"), signedIn("a"));
  await pass(3_000);
  server.answer = () => ({ refusal: "NOT_YOURS" });
  server.rerun();
  await pass(1_000);
  expect(thrown).toContainEqual(expect.objectContaining({ data: { code: "NOT_YOURS" } }));
});
