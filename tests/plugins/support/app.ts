import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import type { AuthConfig } from "convex/server";
import { keepSessionsInDatabase } from "../../../js/adapter/session-storage.js";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { convex } from "../../../js/plugins/index.js";
import type { ConvexOptions, ConvexPlugin } from "../../../js/plugins/index.js";
import { createInMemoryTokenStore } from "./in-memory-token-store.js";
import type { InMemoryTokenStore, MemoryTables } from "./in-memory-token-store.js";

export const SITE = "https://happy-animal-1.convex.site";
export const PASSWORD = "correct horse battery";

/** What a test may change about the app. */
export interface AppOptions {
  readonly plugins?: BetterAuthPlugin[];
  readonly convexFirst?: boolean;
  readonly convexOptions?: Partial<ConvexOptions>;
  readonly options?: BetterAuthOptions;
  /** Shares the tables and the store of another app, as a deployment with other settings would. */
  readonly like?: App;
}

export type App = ReturnType<typeof createApp>;

/** A Better Auth instance with the plugin over an in-memory database. */
export function createApp({
  plugins = [],
  convexFirst,
  convexOptions,
  options,
  like,
}: AppOptions = {}) {
  process.env["CONVEX_SITE_URL"] = SITE;
  const tables: MemoryTables = like?.tables ?? emptyTables();
  const store: InMemoryTokenStore = like?.store ?? createInMemoryTokenStore(tables);
  const authConfig: AuthConfig = {
    providers: [getAuthConfigProvider({ basePath: options?.basePath })],
  };
  const ours = convex({ authConfig, ...convexOptions });
  const { auth, logs } = createInstance(tables, store, {
    ...options,
    // The neighbours vary from test to test; `auth.api` is typed for the one plugin that is always there.
    plugins: (convexFirst ? [ours, ...plugins] : [...plugins, ours]) as unknown as [ConvexPlugin],
  });
  return { auth, tables, store, logs, browser: (): Browser => createBrowser(auth.handler) };
}

function createInstance(
  tables: MemoryTables,
  store: InMemoryTokenStore,
  options: BetterAuthOptions & { plugins: [ConvexPlugin] },
) {
  const logs: string[] = [];
  const auth = betterAuth({
    baseURL: SITE,
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    emailAndPassword: { enabled: true, password: plainPasswords },
    logger: {
      level: "warn",
      log: (level, message, ...rest) => logs.push([level, message, ...rest].join(" ")),
    },
    ...options,
    database: (all: BetterAuthOptions) => {
      // As our own adapter does.
      keepSessionsInDatabase(all);
      const adapter = memoryAdapter(tables)(all);
      return { ...adapter, options: { ...adapter.options, convexGate: true, tokens: store } };
    },
  });
  return { auth, logs };
}

/** Hashing is not what these tests are about, and slow. */
export const plainPasswords = {
  hash: async (password: string) => `plain:${password}`,
  verify: async ({ hash, password }: { hash: string; password: string }) =>
    hash === `plain:${password}`,
};

function emptyTables(): MemoryTables {
  const names = [
    "user",
    "session",
    "account",
    "verification",
    "jwks",
    "organization",
    "member",
    "invitation",
  ];
  return Object.fromEntries(
    [...names, "twoFactor", "rateLimit", "team", "teamMember", "organizationRole"].map((n) => [
      n,
      [],
    ]),
  );
}

/** A browser's cookie jar in front of a handler. */
export interface Browser {
  readonly cookies: Map<string, string>;
  request(
    path: string,
    init?: { method?: string; body?: unknown; headers?: HeadersInit },
  ): Promise<Response>;
  signUp(email: string): Promise<Response>;
  signIn(email: string): Promise<Response>;
  /** The cookie whose name ends in `name`, without its signature. */
  cookie(name: string): string | undefined;
  cookieHeader(): string;
  /** Keeps the cookies of a response that came another way, as `request` does for its own. */
  keep(response: Response): void;
  token(query?: string): Promise<string>;
}

export function createBrowser(handler: (request: Request) => Promise<Response>): Browser {
  const cookies = new Map<string, string>();
  const browser: Browser = {
    cookies,
    async request(path, { method, body, headers } = {}) {
      const sent = new Headers(headers);
      if (cookies.size > 0) sent.set("cookie", browser.cookieHeader());
      if (body !== undefined) sent.set("content-type", "application/json");
      const request = new Request(new URL(`/api/auth${path}`, SITE), {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: sent,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const response = await handler(request);
      browser.keep(response);
      return response;
    },
    keep(response) {
      for (const entry of response.headers.getSetCookie()) keep(cookies, entry);
    },
    signUp: (email) =>
      browser.request("/sign-up/email", {
        body: { email, password: PASSWORD, name: email.split("@")[0] },
      }),
    signIn: (email) => browser.request("/sign-in/email", { body: { email, password: PASSWORD } }),
    cookie(name) {
      const value = [...cookies].find(([key]) => key.endsWith(name))?.[1];
      return value === undefined ? undefined : decodeURIComponent(value);
    },
    cookieHeader: () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    async token(query = "") {
      const response = await browser.request(`/convex/token${query}`);
      if (response.status !== 200) throw new Error(`token endpoint answered ${response.status}`);
      return ((await response.json()) as { token: string }).token;
    },
  };
  return browser;
}

function keep(cookies: Map<string, string>, entry: string): void {
  const [pair = "", ...attributes] = entry.split(";").map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf("="));
  const value = pair.slice(pair.indexOf("=") + 1);
  const gone = value === "" || attributes.some((attribute) => /^max-age=0$/i.test(attribute));
  if (gone) cookies.delete(name);
  else cookies.set(name, value);
}

/** The parts of a JWT, unverified. */
export function decode(token: string): {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
} {
  const [header = "", claims = ""] = token.split(".");
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  return { header: read(header), claims: read(claims) };
}
