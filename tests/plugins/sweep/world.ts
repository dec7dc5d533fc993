/** The app of the endpoint sweep: every plugin at once, two users, and whatever is mailed to them. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { admin } from "better-auth/plugins/admin";
import { anonymous } from "better-auth/plugins/anonymous";
import { magicLink } from "better-auth/plugins/magic-link";
import { multiSession } from "better-auth/plugins/multi-session";
import { organization } from "better-auth/plugins/organization";
import type { AccessControl } from "better-auth/plugins/access";
import { defaultAc } from "better-auth/plugins/organization/access";
import { twoFactor } from "better-auth/plugins/two-factor";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { createApp, PASSWORD, SITE } from "../support/app.js";
import type { App, Browser } from "../support/app.js";
import { socialProviders } from "./social.js";

/** How an endpoint is called. */
export interface Call {
  readonly body?: Record<string, unknown>;
  readonly query?: Record<string, string>;
  readonly params?: Record<string, string>;
}

/** The ways in which the whole sweep runs. */
export interface Variant {
  readonly throughApi: boolean;
  readonly convexFirst: boolean;
  readonly cookieCache: boolean;
}

/** A person with a session. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly sessionToken: string;
}

/** An endpoint as Better Auth keeps it in `auth.api`. */
interface Endpoint {
  (input: unknown): Promise<unknown>;
  readonly path?: string;
}

/** Everything a case needs to prepare its call. */
export interface World {
  readonly app: App;
  /** Signed in as `ada`, who is an administrator. */
  readonly browser: Browser;
  readonly ada: Person;
  /** Signed in elsewhere. */
  readonly bob: Person;
  /** What was mailed, newest last: links, codes and tokens. */
  readonly mails: string[];
  /** Calls an endpoint as `browser`, by its name in `auth.api`. */
  call(name: string, call: Call): Promise<Response>;
  /** Calls an endpoint on the way to the one under test and gives its answer. */
  prepare<T = Record<string, never>>(name: string, call?: Call): Promise<T>;
  row(table: string, where: Record<string, unknown>): Record<string, unknown>;
}

/** The endpoints of the app by name. */
export function endpointsOf(app: App): Record<string, Endpoint> {
  // `auth.api` is typed for the plugin alone; the sweep is about everything that is there at run time.
  return app.auth.api as unknown as Record<string, Endpoint>;
}

/** The options of the app, which mails to `mails`. */
export function sweepOptions(
  variant: Pick<Variant, "cookieCache">,
  mails: string[] = [],
): BetterAuthOptions {
  const mail = mailTo(mails);
  return {
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => password,
        verify: async ({ hash, password }) => hash === password,
      },
      sendResetPassword: ({ token }) => mail(token),
    },
    emailVerification: {
      autoSignInAfterVerification: true,
      sendVerificationEmail: ({ token }) => mail(token),
    },
    user: {
      changeEmail: { enabled: true },
      deleteUser: { enabled: true, sendDeleteAccountVerification: ({ token }) => mail(token) },
    },
    session: {
      additionalFields: { theme: { type: "string", required: false } },
      cookieCache: { enabled: variant.cookieCache },
    },
    account: { accountLinking: { trustedProviders: ["google"] } },
    socialProviders,
  };
}

/** The plugins of the app beside `convex()`. */
export function sweepPlugins(mails: string[] = []): BetterAuthPlugin[] {
  const mail = mailTo(mails);
  return [
    magicLink({ sendMagicLink: ({ token }) => mail(token) }),
    twoFactor({ otpOptions: { sendOTP: ({ otp }) => mail(otp) } }),
    organization({
      // The default's statements are narrower than what the option is typed for.
      ac: defaultAc as unknown as AccessControl,
      teams: { enabled: true },
      dynamicAccessControl: { enabled: true },
      requireEmailVerificationOnInvitation: false,
    }),
    admin(),
    anonymous(),
    multiSession(),
  ];
}

function mailTo(mails: string[]): (...parts: (string | undefined)[]) => Promise<void> {
  return async (...parts) => void mails.push(parts.join(" "));
}

export function createSweepApp(variant: Omit<Variant, "throughApi">, mails: string[] = []): App {
  return createApp({
    options: sweepOptions(variant, mails),
    convexFirst: variant.convexFirst,
    // RSA keys take long to make, and every case makes one.
    convexOptions: {
      authConfig: { providers: [getAuthConfigProvider({ algorithm: "ES256" })] },
    },
    plugins: sweepPlugins(mails),
  });
}

export async function createWorld(variant: Variant): Promise<World> {
  const mails: string[] = [];
  const app = createSweepApp(variant, mails);
  const endpoints = endpointsOf(app);
  const browser = app.browser();
  await browser.signUp("ada@example.com");
  const row: World["row"] = (table, where) => {
    const found = app.tables[table]?.find((candidate) =>
      Object.entries(where).every(([field, value]) => candidate[field] === value),
    );
    if (!found) throw new Error(`no ${table} with ${JSON.stringify(where)}`);
    return found;
  };
  Object.assign(row("user", { email: "ada@example.com" }), { role: "admin", emailVerified: true });
  await browser.request("/sign-out", { body: {} });
  await browser.signIn("ada@example.com");
  const elsewhere = app.browser();
  await elsewhere.signUp("bob@example.com");
  const person = (email: string): Person => {
    const { id } = row("user", { email });
    const { token } = row("session", { userId: id });
    return { id: String(id), email, sessionToken: String(token) };
  };

  const world: World = {
    app,
    browser,
    ada: person("ada@example.com"),
    bob: person("bob@example.com"),
    mails,
    row,
    call: (name, call) => {
      const endpoint = endpoints[name];
      if (!endpoint) throw new Error(`auth.api has no ${name}`);
      return variant.throughApi || endpoint.path === undefined
        ? callApi(endpoint, browser, call)
        : browser.request(urlOf(endpoint.path, call), {
            ...(call.body === undefined ? {} : { body: call.body }),
          });
    },
    async prepare<T>(name: string, call: Call = {}) {
      const response = await world.call(name, call);
      if (response.status >= 400) throw new Error(`${name}: ${await response.text()}`);
      return (await response.json().catch(() => ({}))) as T;
    },
  };
  return world;
}

async function callApi(endpoint: Endpoint, browser: Browser, call: Call): Promise<Response> {
  const headers = new Headers({ cookie: browser.cookieHeader() });
  const method = call.body === undefined ? "GET" : "POST";
  const response = (await endpoint({
    ...call,
    method,
    headers,
    request: new Request(SITE, { headers }),
    asResponse: true,
  })) as Response;
  browser.keep(response);
  return response;
}

function urlOf(path: string, { query, params = {} }: Call): string {
  const filled = path.replace(/:(\w+)/g, (_all, name: string) => params[name] ?? "");
  return query === undefined ? filled : `${filled}?${new URLSearchParams(query).toString()}`;
}

export { PASSWORD };
