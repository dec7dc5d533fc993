/** Documents of Better Auth that a browser is sent to the deployment for, and what their forms post. */
import { oauthProvider } from "@better-auth/oauth-provider";
import { createAuthEndpoint } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth";
import { jwt } from "better-auth/plugins/jwt";
import { describe, expect, it } from "vitest";
import type { Tab } from "../../support/tab.js";
import { SITE } from "../support/app.js";
import type { App } from "../support/app.js";
import { API, FRONTEND, OTHER_FRONTEND, signedIn, signUp, tabOf, twoOriginApp } from "./support.js";

const LOGOUT = `${API}/oauth2/end-session?ui_locales=en`;
const CONFIRM = `${API}/oauth2/end-session/confirm`;
const PAGE = `${API}/cross-domain/page`;

const confirm = (): URLSearchParams => new URLSearchParams({ action: "confirm" });

/** What a page of the deployment's own posts. */
const ownForm = (headers: HeadersInit = {}) => ({
  form: confirm(),
  site: "same-origin",
  headers: { origin: SITE, ...headers },
});

function appWithLogout(siteUrl?: string[]): App {
  return twoOriginApp({
    ...(siteUrl ? { siteUrl } : {}),
    plugins: [jwt(), oauthProvider({ loginPage: "/login", consentPage: "/consent" })],
  });
}

async function askedToLogOut(app: App, origin = FRONTEND, email = "a@example.com"): Promise<Tab> {
  const tab = tabOf(app, origin);
  await signUp(tab, email);
  // Where the link names no frontend, the first one is asked, and this tab is to be it.
  const link = `${LOGOUT}&callbackURL=${encodeURIComponent(origin)}`;
  const { page, address } = await tab.visit(link);
  expect(address.origin + address.pathname).toBe(PAGE);
  expect(await page?.text()).toContain(`action="${CONFIRM}"`);
  return tab;
}

/** The ticket that a browser is sent home with. */
const ticketIn = (response: Response): string =>
  new URL(response.headers.get("location") ?? "").searchParams.get("auth_ticket") ?? "";

describe("a form of a page of Better Auth", () => {
  it.each([FRONTEND, OTHER_FRONTEND])(
    "is resumed with the cookies of its tab, at %s",
    async (origin) => {
      const app = appWithLogout([FRONTEND, OTHER_FRONTEND]);
      const tab = await askedToLogOut(app, origin);
      const { page } = await tab.visit(CONFIRM, ownForm());
      expect(await page?.text()).toContain("Logged out.");
      expect(await signedIn(tab)).toBeNull();
    },
  );

  it("may lead home, by the policy of its page", async () => {
    const app = appWithLogout();
    const tab = tabOf(app);
    await signUp(tab);
    const { page } = await tab.visit(LOGOUT);
    expect(page?.headers.get("content-security-policy")).toContain(
      `form-action 'self' ${FRONTEND};`,
    );
  });

  it("of a stranger, who had it brought home with a page's key of his own, is resumed without cookies", async () => {
    const app = appWithLogout();
    const stranger = await askedToLogOut(app, FRONTEND, "stranger@example.com");
    const ticket = ticketIn(await stranger.navigate(CONFIRM, ownForm()));
    const victim = await askedToLogOut(app);
    const { page } = await victim.visit(`${FRONTEND}/?auth_ticket=${ticket}`);
    expect(await page?.text()).toContain("Logout error");
    expect(await signedIn(victim)).toBe("a@example.com");
  });

  it.each([
    ["without a key", {}],
    ["with one that he made up", { cookie: `__Secure-better-auth.shown_page=k.${FRONTEND}/` }],
    ["with none that is one", { cookie: "__Secure-better-auth.shown_page=k" }],
  ])("of a stranger, %s, is resumed without cookies", async (_, headers) => {
    const app = appWithLogout();
    const ticket = ticketIn(await tabOf(app).navigate(CONFIRM, ownForm(headers)));
    const victim = await askedToLogOut(app);
    const { page } = await victim.visit(`${FRONTEND}/?auth_ticket=${ticket}`);
    expect(await page?.text()).toContain("Logout error");
    expect(await signedIn(victim)).toBe("a@example.com");
  });

  it("is brought to no page but one of a trusted origin", async () => {
    const cookie = "__Secure-better-auth.shown_page=k.https://evil.example/";
    const response = await tabOf(appWithLogout()).navigate(CONFIRM, ownForm({ cookie }));
    expect(new URL(response.headers.get("location") ?? "").origin).toBe(FRONTEND);
  });
});

describe("a document", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const answers: Record<string, () => Response> = {
    xml: () => new Response("<a>é</a>", { headers: { "content-type": "application/xml" } }),
    csv: () =>
      new Response("a,b", {
        headers: { "content-type": "text/csv", "content-disposition": "attachment" },
      }),
    bytes: () => new Response(bytes, { headers: { "content-type": "application/octet-stream" } }),
    export: () =>
      Response.json({ a: 1 }, { headers: { "content-disposition": 'attachment; filename="a"' } }),
    json: () => Response.json({ status: true }),
    nothing: () => new Response(null),
    refusal: () => new Response("no", { status: 404, headers: { "content-type": "text/plain" } }),
  };
  const files: BetterAuthPlugin = {
    id: "files",
    endpoints: {
      file: createAuthEndpoint("/file", { method: "GET" }, async ({ request }) => {
        const kind = new URL(request?.url ?? "").searchParams.get("kind") ?? "";
        return Promise.resolve(answers[kind]?.() ?? Response.error());
      }),
    },
  };
  const opened = (kind: string) =>
    tabOf(twoOriginApp({ plugins: [files] })).visit(`${API}/file?kind=${kind}`);

  it.each(["xml", "csv", "bytes", "export"])("is shown as it was answered: %s", async (kind) => {
    const { page, address } = await opened(kind);
    const meant = answers[kind]?.();
    expect(address.origin + address.pathname).toBe(PAGE);
    for (const name of ["content-type", "content-disposition"])
      expect(page?.headers.get(name), name).toBe(meant?.headers.get(name));
    expect(new Uint8Array((await page?.arrayBuffer()) ?? [])).toEqual(
      new Uint8Array((await meant?.arrayBuffer()) ?? []),
    );
    expect(page?.headers.has("set-cookie")).toBe(false);
  });

  it.each([
    ["json", `${FRONTEND}/`],
    ["nothing", `${FRONTEND}/`],
    ["refusal", `${FRONTEND}/?error=HTTP_404`],
  ])("is none, and the link ends at the app: %s", async (kind, end) => {
    const { page, address } = await opened(kind);
    expect([page, address.href]).toEqual([null, end]);
  });
});
