import { normalizeBasePath } from "../auth-config/base-path.js";
import { readEnv } from "../auth-config/env.js";
import { GateError } from "../errors/index.js";
import { clientIpSigner, SHORTEST_PROXY_SECRET } from "../utils/client-ip-header.js";
import type { TellOutage } from "./outages.js";
import { outagesOf } from "./outages.js";
import type { AuthServerOptions } from "./types.js";

/** Options in one form. */
export interface Settings {
  readonly convexUrl: string;
  /** Without a slash at its end; a self-hosted deployment's may have a path. */
  readonly convexSiteUrl: string;
  readonly isSecure: boolean;
  readonly basePath: string;
  /** Names of the session cookie and of the JWT cookie, without `__Secure-`. */
  readonly cookies: { readonly sessionToken: string; readonly jwt: string };
  readonly renewBeforeMs: number;
  readonly timeoutMs: number;
  readonly allowHeaders: readonly string[];
  readonly verify: ((token: string) => unknown) | undefined;
  readonly clientIp: (request: Request) => string | null | undefined;
  /** The value of the header that names a visitor; undefined without an address, or a secret to sign it with. */
  readonly signIp: (ip: string | null | undefined) => Promise<string | undefined>;
  readonly fetch: typeof fetch;
  /**
   * Who makes this deployment's tokens: the site's origin, and whom the token endpoint named, as where an app chose an issuer
   * or a server knows the site by another name. It says nothing of any user.
   */
  readonly issuers: Set<string>;
  readonly tellOutage: TellOutage;
}

/** Throws `INVALID_OPTION` for options that are missing or cannot be meant. */
export function settingsOf(options: AuthServerOptions): Settings {
  const { proxy = {}, renewBeforeSeconds = 60 } = options;
  const convexUrl = urlOf("convexUrl", options.convexUrl, "CONVEX_URL");
  const convexSiteUrl = urlOf("convexSiteUrl", options.convexSiteUrl, "CONVEX_SITE_URL");
  const siteUrl = urlOf("siteUrl", options.siteUrl, "SITE_URL");
  checkSides(convexUrl, convexSiteUrl, siteUrl);
  number("renewBeforeSeconds", renewBeforeSeconds);
  number("proxy.timeoutMs", proxy.timeoutMs ?? 1);
  const own = options.fetch;
  return {
    convexUrl,
    convexSiteUrl,
    isSecure: siteUrl.startsWith("https:"),
    basePath: normalizeBasePath(options.basePath),
    cookies: {
      sessionToken: sessionCookieOf(options),
      jwt: options.cookieNames?.jwt ?? `${prefixOf(options)}.convex_jwt`,
    },
    renewBeforeMs: renewBeforeSeconds * 1000,
    timeoutMs: proxy.timeoutMs ?? 30_000,
    allowHeaders: proxy.allowHeaders ?? [],
    verify: options.verify,
    clientIp: proxy.clientIp ?? (() => null),
    signIp: signer(proxy.secret ?? readEnv("PROXY_SECRET")),
    // The global one is looked up at each call, because frameworks and tests replace it.
    fetch: (input, init) => (own ?? fetch)(input, { ...plain(), ...init }),
    issuers: new Set([new URL(convexSiteUrl).origin]),
    tellOutage: outagesOf(convexSiteUrl),
  };
}

/** What decides the names of cookies. */
export type CookieOptions = Pick<AuthServerOptions, "cookieNames" | "cookiePrefix">;

/** The name of the session cookie, without `__Secure-`. */
export function sessionCookieOf(options: CookieOptions): string {
  return options.cookieNames?.sessionToken ?? `${prefixOf(options)}.session_token`;
}

function prefixOf({ cookiePrefix = "better-auth" }: CookieOptions): string {
  return cookiePrefix;
}

/**
 * Frameworks that keep answers would keep one user's. A visitor's credentials are in the headers and this server has none of its
 * own: unless undici 7.24, in releases of Node 24, is told so, it fails at a 401 to a request whose body is a stream. Runtimes
 * may know neither option.
 */
function plain(): RequestInit {
  const { prototype } = Request;
  return {
    ...("cache" in prototype && { cache: "no-store" }),
    ...("credentials" in prototype && { credentials: "omit" }),
  };
}

function signer(secret: string | undefined): Settings["signIp"] {
  if (secret === undefined) return () => Promise.resolve(undefined);
  if (secret.length < SHORTEST_PROXY_SECRET)
    throw invalid(
      "proxy.secret",
      `PROXY_SECRET, or proxy.secret, must have ${String(SHORTEST_PROXY_SECRET)} characters or more: the same here and on the deployment.`,
    );
  const sign = clientIpSigner(secret);
  return async (ip) => (ip ? sign(ip) : undefined);
}

/** Where the framework's own tools put an address, by the names that they give it. */
const WHERE: Readonly<Record<string, (name: string) => string>> = {
  CONVEX_URL: written,
  CONVEX_SITE_URL: written,
  SITE_URL: () =>
    "Set SITE_URL to the app's public origin, such as http://localhost:3000, for this server and with `npx convex env set`.",
};

function written(name: string): string {
  return (
    `\`npx convex dev\` writes it to .env.local: NEXT_PUBLIC_${name} in Next.js, VITE_${name} in Vite and TanStack Start, ` +
    `PUBLIC_${name} in SvelteKit. Set that variable where this server is built and run.`
  );
}

function urlOf(option: string, value: unknown, variable: string): string {
  const url = typeof value === "string" ? value.trim().replace(/\/+$/, "") : "";
  if (/^https?:\/\/[^/]/i.test(url) && URL.canParse(url)) {
    const { search, hash, username } = new URL(url);
    if (search === "" && hash === "" && username === "") return url;
  }
  const fault = url === "" ? "is missing" : "is no http(s) address";
  throw invalid(option, `${option} ${fault}. ${WHERE[variable]?.(variable) ?? ""}`);
}

/** Two addresses that are easily taken for each other. */
function checkSides(convexUrl: string, convexSiteUrl: string, siteUrl: string): void {
  if (new URL(convexUrl).hostname.endsWith(".convex.site"))
    throw invalid(
      "convexUrl",
      "convexUrl ends in .convex.site, which is convexSiteUrl: clients use .convex.cloud.",
    );
  if (new URL(convexSiteUrl).hostname.endsWith(".convex.cloud"))
    throw invalid(
      "convexSiteUrl",
      "convexSiteUrl ends in .convex.cloud, which is convexUrl: HTTP actions are at .convex.site.",
    );
  if (new URL(siteUrl).origin === new URL(convexSiteUrl).origin)
    throw invalid(
      "siteUrl",
      "siteUrl is the deployment's address. It is the app's own, such as http://localhost:3000: set SITE_URL to that.",
    );
}

function number(option: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0))
    throw invalid(option, `${option} must be a number and not negative.`);
}

function invalid(option: string, message: string): GateError {
  return new GateError("INVALID_OPTION", `createAuthServer: ${message}`, { meta: { option } });
}
