/**
 * What a stranger can do to somebody who uses the app on two origins, beside what he can do to somebody who uses Better
 * Auth as it is, on one. Each attack runs against both, and the outcomes must be the same.
 */
import { expo } from "@better-auth/expo";
import type { BetterAuthPlugin } from "better-auth";
import { magicLink } from "better-auth/plugins/magic-link";
import { oauthPopup } from "better-auth/plugins";
import { createAuthMiddleware } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { memoryAdapter } from "better-auth/adapters/memory";
import { beforeEach, describe, expect, it } from "vitest";
import { asPlugin } from "../../matrix/support/as-plugin.js";
import { openTab } from "../../support/tab.js";
import { createBrowser, PASSWORD, plainPasswords, SITE } from "../support/app.js";
import type { App } from "../support/app.js";
import { API, callbackOf, FRONTEND, mails, twoOriginApp, withGithub } from "./support.js";

/** A person's browser with the app open. */
interface Person {
  request(path: string, init?: { body?: unknown }): Promise<Response>;
  /** Opens a link, or posts a form of another site, and follows where it leads. */
  visit(url: string | URL, form?: URLSearchParams): Promise<URL>;
}

/** One way to run the same app. */
interface World {
  readonly app: string;
  readonly person: () => Person;
  readonly accounts: () => { providerId: string; userId: string }[];
  /** The link as a page of the app, which is all that a callback URL may be. */
  readonly asPage: (link: string) => Promise<string>;
}

function stockWorld(plugins: BetterAuthPlugin[] = []): World {
  const tables = Object.fromEntries(
    ["user", "session", "account", "verification"].map((name) => [name, []]),
  ) as Record<string, Record<string, unknown>[]>;
  const auth = betterAuth({
    baseURL: SITE,
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    database: memoryAdapter(tables),
    logger: { disabled: true },
    advanced: { disableOriginCheck: false, disableCSRFCheck: false },
    emailAndPassword: { enabled: true, password: plainPasswords },
    socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
    account: { accountLinking: { enabled: true, trustedProviders: ["github"] } },
    plugins: [...plugins, magicLink({ sendMagicLink: async ({ url }) => void mails.push(url) })],
  });
  return {
    app: SITE,
    asPage: async (link) => link.replace(SITE, ""),
    accounts: () => tables["account"] as { providerId: string; userId: string }[],
    person() {
      const browser = createBrowser(auth.handler);
      const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
      return {
        request: (path, { body } = {}) =>
          browser.request(path, {
            ...(body === undefined ? {} : { body }),
            headers: { origin: SITE },
          }),
        async visit(target, form) {
          let url = new URL(target);
          let posted = form;
          for (let step = 0; step < 5 && url.href.startsWith(`${API}/`); step += 1) {
            const sent = new Headers({ ...headers, "sec-fetch-site": "cross-site" });
            // SameSite=Lax: not with a form of another site.
            if (!posted && browser.cookies.size > 0) sent.set("cookie", browser.cookieHeader());
            if (posted) sent.set("content-type", "application/x-www-form-urlencoded");
            const response = await auth.handler(
              new Request(url, {
                headers: sent,
                ...(posted ? { method: "POST", body: posted.toString() } : {}),
              }),
            );
            posted = undefined;
            browser.keep(response);
            const location = response.headers.get("location");
            if (location === null) break;
            url = new URL(location, url);
          }
          return url;
        },
      };
    },
  };
}

function twoOriginWorld(plugins: BetterAuthPlugin[] = []): World {
  const { auth, tables } = twoOriginApp({ plugins });
  return {
    app: FRONTEND,
    async asPage(link) {
      const parked = await openTab({ handler: auth.handler, api: API, origin: FRONTEND }).navigate(
        link,
      );
      return (parked.headers.get("location") ?? "").replace(FRONTEND, "");
    },
    accounts: () => tables["account"] as { providerId: string; userId: string }[],
    person() {
      const tab = openTab({ handler: auth.handler, api: API, origin: FRONTEND });
      return {
        request: tab.request,
        visit: async (url, form) => (await tab.visit(url, form ? { form } : {})).address,
      };
    },
  };
}

const worlds = [
  ["Better Auth on one origin", stockWorld],
  ["two origins", twoOriginWorld],
] as const;

async function emailOf(person: Pick<Person, "request">): Promise<string | null> {
  const session = (await (await person.request("/get-session")).json()) as {
    user?: { email: string };
  } | null;
  return session?.user?.email ?? null;
}

async function signUp(person: Pick<Person, "request">, email: string): Promise<string> {
  const body = { email, password: PASSWORD, name: email };
  const answer = await (await person.request("/sign-up/email", { body })).json();
  return (answer as { user: { id: string } }).user.id;
}

/** Starts a flow and gives the provider's address, which the stranger hands to somebody else. */
async function start(
  person: Pick<Person, "request">,
  path: string,
  body: Record<string, unknown> = { callbackURL: "/in" },
): Promise<URL> {
  const answer = await person.request(path, { body: { provider: "github", ...body } });
  return new URL(((await answer.json()) as { url: string }).url);
}

const MISMATCH = "state_mismatch";

beforeEach(() => void mails.splice(0));

describe.each(worlds)("%s", (_, open) => {
  it("a flow that a stranger started to link an account links nobody else's", async () => {
    const { person, accounts } = open();
    const [stranger, victim] = [person(), person()];
    const strangerId = await signUp(stranger, "stranger@example.com");
    await signUp(victim, "victim@example.com");
    const provider = await start(stranger, "/link-social");
    const address = await withGithub(() => victim.visit(callbackOf(provider)));
    expect(address.searchParams.get("error")).toBe(MISMATCH);
    expect(accounts().filter(({ providerId }) => providerId === "github")).toEqual([]);
    expect(strangerId).toBeTruthy();
    expect(await emailOf(victim)).toBe("victim@example.com");
  });

  it("a callback with a stranger's own code and state signs nobody in", async () => {
    const { person } = open();
    const [stranger, victim, other] = [person(), person(), person()];
    await signUp(victim, "victim@example.com");
    const provider = await start(stranger, "/sign-in/social");
    for (const each of [victim, other]) {
      const address = await withGithub(() => each.visit(callbackOf(provider)));
      expect(address.searchParams.get("error")).toBe(MISMATCH);
    }
    expect([await emailOf(victim), await emailOf(other)]).toEqual(["victim@example.com", null]);
  });

  it("a state cannot be planted by a link", async () => {
    const { person, app, accounts } = open([oauthPopup()]);
    const [stranger, victim] = [person(), person()];
    await signUp(victim, "victim@example.com");
    const provider = await start(stranger, "/sign-in/social");
    // The only link that gives a browser a state gives it one that the stranger does not know.
    const popup = new URL(`${API}/oauth-popup/start`);
    popup.searchParams.set("provider", "github");
    popup.searchParams.set("popupOrigin", app);
    expect((await victim.visit(popup)).host).toBe("github.com");
    await withGithub(() => victim.visit(callbackOf(provider)));
    expect(await emailOf(victim)).toBe("victim@example.com");
    expect(accounts().filter(({ providerId }) => providerId === "github")).toEqual([]);
  });

  it("a stranger's magic link signs in as the stranger: that is all", async () => {
    const { person } = open();
    const [stranger, victim] = [person(), person()];
    await signUp(victim, "victim@example.com");
    await stranger.request("/sign-in/magic-link", {
      body: { email: "stranger@example.com", callbackURL: "/in" },
    });
    await victim.visit(mails[0] ?? "");
    expect(await emailOf(victim)).toBe("stranger@example.com");
    expect(await emailOf(stranger)).toBeNull();
  });

  it("a form of another site does nothing in the victim's name, and signs nobody in", async () => {
    const { person } = open();
    const [stranger, victim, nobody] = [person(), person(), person()];
    await signUp(victim, "victim@example.com");
    await signUp(stranger, "stranger@example.com");
    const credentials = { email: "stranger@example.com", password: PASSWORD };
    for (const [path, fields] of [
      ["/sign-out", { a: "b" }],
      ["/update-user", { name: "pwned" }],
      ["/delete-user", { a: "b" }],
      ["/revoke-sessions", { a: "b" }],
      ["/sign-in/email", credentials],
    ] as const) {
      for (const each of [victim, nobody])
        await each.visit(`${API}${path}`, new URLSearchParams(fields));
    }
    const session = (await (await victim.request("/get-session")).json()) as { user: object };
    expect(session.user).toMatchObject({ email: "victim@example.com", name: "victim@example.com" });
    expect(await emailOf(nobody)).toBeNull();
  });

  it("a callback URL of a stranger's making can at most open a link of his own", async () => {
    const { person, asPage } = open();
    const [stranger, victim] = [person(), person()];
    await stranger.request("/sign-in/magic-link", { body: { email: "stranger@example.com" } });
    // What a page with `?next=` passes on.
    const next = await asPage(mails[0] ?? "");
    const provider = await start(victim, "/sign-in/social", { callbackURL: next });
    await withGithub(async () => {
      const end = await victim.visit(callbackOf(provider));
      await victim.visit(end);
    });
    expect([await emailOf(victim), await emailOf(stranger)]).toEqual([
      "stranger@example.com",
      null,
    ]);
  });

  it("with expo(), a stranger's flow whose cookie was left on this host ends as it does there", async () => {
    const { person, accounts } = open([asPlugin(expo())]);
    const [stranger, victim] = [person(), person()];
    const strangerId = await signUp(stranger, "g@example.com");
    await signUp(victim, "victim@example.com");
    const provider = await start(stranger, "/link-social");
    const proxy = new URL(`${API}/expo-authorization-proxy`);
    proxy.searchParams.set("authorizationURL", provider.href);
    expect((await victim.visit(proxy)).host).toBe("github.com");
    await withGithub(() => victim.visit(callbackOf(provider)));
    // Better Auth's own weakness, with this plugin only; the tab's session is not touched.
    expect(accounts().filter(({ providerId }) => providerId === "github")).toEqual([
      expect.objectContaining({ userId: strangerId }),
    ]);
    expect(await emailOf(victim)).toBe("victim@example.com");
  });
});

describe("a ticket", () => {
  /** A victim's flow that was brought home, its ticket not yet used. */
  async function brought() {
    const { auth } = twoOriginApp();
    const open = (origin = FRONTEND) => openTab({ handler: auth.handler, api: API, origin });
    const victim = open();
    const provider = await start(victim, "/sign-in/social");
    const parked = await victim.navigate(callbackOf(provider));
    const home = new URL(parked.headers.get("location") ?? "");
    return { open, victim, home, ticket: home.searchParams.get("auth_ticket") ?? "" };
  }

  it("that was stolen from the address is worth nothing elsewhere", async () => {
    const { open, home } = await brought();
    const thief = open();
    const { address } = await withGithub(() => thief.visit(home));
    expect(address.searchParams.get("error")).toBe(MISMATCH);
    expect(await emailOf(thief)).toBeNull();
  });

  it.each(["https://evil.example", "null", "http://localhost:5173.evil.example", "https://*"])(
    "is not redeemed by a page of %s, and stays good",
    async (origin) => {
      const { open, victim, home, ticket } = await brought();
      const refused = await open(origin).request("/cross-domain/resume", { body: { ticket } });
      expect(refused.status).toBe(403);
      expect(refused.headers.get("set-better-auth-cookie")).toBeNull();
      const { address } = await withGithub(() => victim.visit(home));
      expect(address.href).toBe(`${FRONTEND}/in`);
    },
  );
});

describe("a navigation that a stranger had parked", () => {
  /** The link that a stranger gets for a form, sent with whatever headers he likes, and hands to somebody else. */
  async function linkTo(auth: App["auth"], path: string, fields: Record<string, string>) {
    const parked = await auth.handler(
      new Request(`${API}${path}`, {
        method: "POST",
        headers: {
          origin: FRONTEND,
          referer: `${FRONTEND}/`,
          "sec-fetch-mode": "navigate",
          "sec-fetch-dest": "document",
          "sec-fetch-site": "same-origin",
          "user-agent": "forged",
        },
        body: new URLSearchParams(fields),
      }),
    );
    return parked.headers.get("location") ?? "";
  }

  it("is one of another site, whatever its headers said", async () => {
    const seen: (string | null)[][] = [];
    const { auth } = twoOriginApp({
      options: {
        hooks: {
          before: createAuthMiddleware(async ({ request }) => {
            if (request?.headers.get("sec-fetch-mode") !== "navigate") return;
            const names = ["sec-fetch-site", "origin", "referer", "cookie", "user-agent"];
            seen.push(names.map((name) => request.headers.get(name)));
          }),
        },
      },
    });
    const open = () => openTab({ handler: auth.handler, api: API, origin: FRONTEND });
    const [stranger, victim, nobody] = [open(), open(), open()];
    await signUp(stranger, "stranger@example.com");
    await signUp(victim, "victim@example.com");
    const credentials = { email: "stranger@example.com", password: PASSWORD };
    for (const each of [victim, nobody]) {
      const { address } = await each.visit(await linkTo(auth, "/sign-in/email", credentials));
      expect(address.searchParams.get("error")).toBe("CROSS_SITE_NAVIGATION_LOGIN_BLOCKED");
    }
    expect([await emailOf(victim), await emailOf(nobody)]).toEqual(["victim@example.com", null]);
    const crossSite = ["cross-site", null, null, null, null];
    expect(seen).toEqual([crossSite, crossSite]);
  });
});

describe("an empty cookie header", () => {
  it("makes the deployment give out no address that leaves a cookie anywhere", async () => {
    const { auth } = twoOriginApp();
    const response = await auth.handler(
      new Request(`${API}/sign-in/social`, {
        method: "POST",
        headers: { "content-type": "application/json", "better-auth-cookie": "" },
        body: JSON.stringify({ provider: "github", callbackURL: "/in" }),
      }),
    );
    const { url } = (await response.json()) as { url: string };
    expect(new URL(url).host).toBe("github.com");
    const victim = openTab({ handler: auth.handler, api: API, origin: FRONTEND });
    const address = (await withGithub(() => victim.visit(callbackOf(new URL(url))))).address;
    expect(address.searchParams.get("error")).toBe(MISMATCH);
    expect(victim.hostCookies.size).toBe(0);
    expect(await emailOf(victim)).toBeNull();
  });
});

const HOSTILE = [
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\u0000//evil.example",
  " https://evil.example",
  "https:evil.example",
  "https:/evil.example",
  "http://localhost:5173.evil.example",
  "http://localhost:5173@evil.example",
  "http://localhost:5173%2eevil.example",
  "http://evil.example\\@localhost:5173",
  "http://evil.example#http://localhost:5173",
  "http://evil.example?http://localhost:5173",
  "//localhost:5173@evil.example",
  "/%2f/evil.example",
  "/%5cevil.example",
  "http://localhost:5174",
  "https://localhost:5173",
  "javascript:alert(1)",
  "data:text/html,x",
  "myapp://evil",
  "blob:http://localhost:5173/x",
];

describe.each(HOSTILE)("the hostile address %j", (hostile) => {
  const fields = ["callbackURL", "errorCallbackURL", "newUserCallbackURL", "redirectTo"];
  const isSafe = (address: string): boolean =>
    [FRONTEND, SITE, "https://github.com"].includes(new URL(address, FRONTEND).origin);

  it("is refused in a body, or leads nowhere else", async () => {
    const { auth } = twoOriginApp();
    const tab = openTab({ handler: auth.handler, api: API, origin: FRONTEND });
    for (const field of fields)
      for (const [path, rest] of [
        ["/sign-in/social", { provider: "github" }],
        ["/sign-in/magic-link", { email: "m@example.com" }],
      ] as const) {
        mails.length = 0;
        const response = await tab.request(path, { body: { ...rest, [field]: hostile } });
        if (response.status !== 200) continue;
        if (path === "/sign-in/magic-link") {
          const { address } = await tab.visit(mails.at(-1) ?? "");
          expect(isSafe(address.href), `${field}: ${address.href}`).toBe(true);
          continue;
        }
        const { url } = (await response.json()) as { url: string };
        for (const outcome of [{ code: "c" }, { error: "access_denied" }]) {
          const callback = callbackOf(new URL(url), outcome as Record<string, string>);
          const { address } = await withGithub(() => tab.visit(callback));
          expect(isSafe(address.href), `${field}: ${address.href}`).toBe(true);
        }
      }
  });

  it("is no home in a link, nor where the link ends", async () => {
    const { auth } = twoOriginApp({ plugins: [oauthPopup()] });
    const tab = openTab({ handler: auth.handler, api: API, origin: FRONTEND });
    const named = [...fields, "popupOrigin", "state", "RelayState", "cancelUrl"];
    const paths = [
      "/magic-link/verify?token=t",
      "/verify-email?token=t",
      "/callback/github?code=c",
      "/oauth-popup/start?provider=github",
      "/reset-password/t?x=1",
      "/delete-user/callback?token=t",
      "/error?error=e",
    ];
    const tries = [
      ...paths.map((path) => [path, named] as const),
      ...named.flatMap((field) => paths.slice(0, 1).map((path) => [path, [field]] as const)),
    ];
    for (const [path, hostileFields] of tries) {
      const link = new URL(`${API}${path}`);
      for (const field of hostileFields) link.searchParams.set(field, hostile);
      const parked = await tab.navigate(link);
      expect(new URL(parked.headers.get("location") ?? "").origin, link.href).toBe(FRONTEND);
      const { address } = await tab.visit(link);
      expect(isSafe(address.href), `${link.href}: ${address.href}`).toBe(true);
      const form = new URLSearchParams(hostileFields.map((field) => [field, hostile]));
      const posted = await tab.visit(`${API}${path}`, { form });
      expect(isSafe(posted.address.href), `form ${path}: ${posted.address.href}`).toBe(true);
    }
  });
});
