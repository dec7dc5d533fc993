// @vitest-environment jsdom
/** Two tabs of one browser: what lasts is of both, and what ends with a tab is of that tab alone. */
import { createAuthClient } from "better-auth/client";
import { beforeEach, expect, it } from "vitest";
import { crossDomainClient } from "../../js/client/plugins/index.js";
import { tokenOf } from "./support/jwt.js";

const SITE = "https://app.convex.site";
const KEY = "better-auth_cookies.https_app.convex.site";
const NAME = "better-auth.session_token";
const LASTING = `${NAME}=lasting; Path=/; HttpOnly; Max-Age=604800`;
const TEMPORARY = `${NAME}=temporary; Path=/; HttpOnly`;
const GONE = `${NAME}=; Path=/; HttpOnly; Max-Age=0`;
const STATE = "better-auth.state=s; Path=/; HttpOnly; Max-Age=300";

/** What the tab that is not shown has in its `sessionStorage`. */
let hidden: Record<string, string> = {};

/** Shows the other tab. Both have one `localStorage`. */
function switchTabs(): void {
  const shown = { ...sessionStorage } as Record<string, string>;
  sessionStorage.clear();
  for (const [key, value] of Object.entries(hidden)) sessionStorage.setItem(key, value);
  hidden = shown;
}

/** A client whose requests are answered with what they name; each call loads the page anew. */
function page() {
  const answers = new Map<string, { setCookie: string; token?: string; after?: Promise<void> }>();
  let sent: string | null = null;
  const auth = createAuthClient({
    baseURL: SITE,
    plugins: [crossDomainClient()],
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        sent = new Headers(init?.headers).get("better-auth-cookie");
        const answer = answers.get(new URL(String(input)).pathname.replace("/api/auth", ""));
        await answer?.after;
        return Response.json(null, {
          headers: {
            ...(answer && { "set-better-auth-cookie": answer.setCookie }),
            ...(answer?.token === undefined ? {} : { "set-convex-token": answer.token }),
          },
        });
      },
    },
  });
  let count = 0;
  return {
    async set(setCookie: string, token?: string, after?: Promise<void>): Promise<void> {
      const path = `/set-${String((count += 1))}`;
      answers.set(path, { setCookie, ...(token && { token }), ...(after && { after }) });
      await auth.$fetch(path);
    },
    /** The cookies of the next request. */
    async sent(): Promise<string | null> {
      await auth.$fetch("/look");
      return sent;
    },
  };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  hidden = {};
});

/** A tab without a lasting session, and another that signed in for longer afterwards. The first is shown. */
async function twoTabs(token?: string): Promise<void> {
  await page().set(TEMPORARY);
  switchTabs();
  await page().set(LASTING);
  await page().set(LASTING, token);
  expect(await page().sent()).toBe(`${NAME}=lasting`);
  switchTabs();
}

it.each([
  ["the state of a social sign-in", STATE],
  ["a session that is renewed", TEMPORARY],
  ["another sign-in for the tab's life", TEMPORARY.replace("=temporary", "=another")],
  ["one in place of the one before", `${GONE}, ${TEMPORARY.replace("=temporary", "=another")}`],
  ["a sign-out", GONE],
  ["a sign-out that says so twice", `${GONE}, ${GONE}`],
])("a tab that gets %s signs no other tab out", async (_, setCookie) => {
  await twoTabs();
  await page().set(setCookie);
  switchTabs();
  expect(await page().sent()).toContain(`${NAME}=lasting`);
});

it("the tab's own session stays the tab's", async () => {
  await twoTabs();
  await page().set(STATE);
  expect(await page().sent()).toContain(`${NAME}=temporary`);
  await page().set(LASTING.replace("=lasting", "=own"));
  expect(await page().sent()).toContain(`${NAME}=own`);
  expect(sessionStorage.getItem(`${KEY}.tab`)).toBe("{}");
  switchTabs();
  expect(await page().sent()).toContain(`${NAME}=own`);
});

it("a token that a tab keeps for its life leaves the lasting one", async () => {
  const [own, lasting] = [tokenOf("temporary"), tokenOf("lasting")];
  await twoTabs(lasting);
  await page().set(TEMPORARY, own);
  expect(sessionStorage.getItem(`${KEY}.token`)).toContain(own);
  expect(localStorage.getItem(`${KEY}.token`)).toContain(lasting);
});

it("a late end of the session before does not end the tab's own above a lasting one", async () => {
  await twoTabs();
  const tab = page();
  let arrive = (): void => undefined;
  const late = tab.set(GONE, undefined, new Promise<void>((resolve) => (arrive = resolve)));
  await tab.set(TEMPORARY.replace("=temporary", "=another"));
  arrive();
  await late;
  expect(await tab.sent()).toBe(`${NAME}=another`);
});

it("the state of a flow is kept beside a session that is over", async () => {
  const ended = { [NAME]: { value: "ended", expires: Date.now() - 1 } };
  localStorage.setItem(KEY, JSON.stringify(ended));
  const tab = page();
  await tab.set(STATE);
  expect(await tab.sent()).toBe("better-auth.state=s");
});
