// @vitest-environment node
/** What a server renders, with Svelte's server half. */
import { createAuthClient } from "better-auth/svelte";
import { ConvexClient } from "convex/browser";
import { render } from "svelte/server";
import { expect, it, vi } from "vitest";
import { convexClient } from "../../js/client/plugins/index.js";
import type { InitialState, PreloadedAuthQuery } from "../../js/svelte/index.js";
import { useAuth } from "../../js/svelte/index.js";
import { tokenOf } from "../client/support/jwt.js";
import App from "./support/App.svelte";

// As in an app: one of each for all requests.
const client = new ConvexClient("https://example.convex.cloud", { disabled: true });
const customFetchImpl = vi.fn<typeof fetch>();
const authClient = createAuthClient({
  baseURL: "https://app.example",
  fetchOptions: { customFetchImpl },
  plugins: [convexClient()],
});

function rendered(
  initialState: InitialState | undefined,
  preloaded?: PreloadedAuthQuery<string>,
): string {
  const look = { shown: [], statuses: [], convexAuth: [], preloaded };
  const { body } = render(App, {
    props: { client, authClient, options: initialState ? { initialState } : {}, look },
  });
  return body.replaceAll(/<!--.*?-->/g, "");
}

const signedIn = (session: string): InitialState => ({
  session: "signedIn",
  token: tokenOf(session),
});

it("a page for somebody holds what the server got for him, and nothing is asked", () => {
  const preloaded = { session: "a", args: "{}", value: "secret of a" };
  expect(rendered(signedIn("a"), preloaded)).toBe("<p>secret of a</p>");
  expect(customFetchImpl).not.toHaveBeenCalled();
});

it("a page for nobody is signed out, and one without an answer is neither", () => {
  expect(rendered({ session: "signedOut", token: null })).toBe("<p>signedOut</p>");
  expect(rendered({ session: "unknown", token: null })).toBe("<p>unknown</p>");
  expect(rendered(undefined)).toBe("<p>unknown</p>");
});

it("no request finds what another one left", () => {
  rendered(signedIn("a"), { session: "a", args: "{}", value: "secret of a" });
  expect(rendered(signedIn("b"))).toBe("<p>querying</p>");
  expect(rendered(undefined)).toBe("<p>unknown</p>");
});

it("useAuth without setupAuth says what is missing", () => {
  const lost = (): void => void useAuth();
  expect(() => render(lost as never, { props: {} as never }).body).toThrowError(
    /useAuth\(\) needs setupAuth/,
  );
});
