/**
 * Responses to a cross-domain client: cookies it can read, and redirects that bring a one-time
 * token.
 */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { JWT_COOKIE_NAME } from "../convex/cookie.js";
import { isCrossDomainRequest, SET_COOKIE_HEADER } from "../shared/cross-domain-headers.js";
import { cookieChange, cookieName, dropSetCookies, setsValue } from "../shared/set-cookie.js";
import {
  CHALLENGE_PARAMETER,
  challengeOf,
  createOneTimeToken,
  sealStart,
  TOKEN_PARAMETER,
} from "./flow.js";

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]>[number]["handler"];
type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** The path of the first hop, see {@link startRedirect}. */
export const START_PATH = "/cross-domain/start";

/** The hook that finishes every response; a response to an ordinary request passes untouched. */
export function answerClient(): AfterHook {
  return createAuthMiddleware(async (ctx) => {
    const headers = ctx.context.responseHeaders ?? new Headers();
    await endRedirect(ctx, headers);
    if (!isCrossDomainRequest(ctx.headers)) return undefined;
    const answer = await startRedirect(ctx, headers);
    mirrorCookies(ctx, headers);
    return answer;
  });
}

/**
 * The end of a flow: a redirect to a callback URL that carries a challenge. A session made here is
 * not left as a cookie of this host, where it would sign in whichever browser was lured to this
 * address; it is handed over by a one-time token that only the tab with the verifier can redeem.
 */
async function endRedirect(ctx: HookContext, headers: Headers): Promise<void> {
  const location = headers.get("location");
  if (!location || !URL.canParse(location)) return;
  const url = new URL(location);
  const challenge = challengeOf(url.searchParams.get(CHALLENGE_PARAMETER));
  if (!challenge || !ctx.context.isTrustedOrigin(url.toString())) return;
  url.searchParams.delete(CHALLENGE_PARAMETER);
  const session = cookieChange(headers, ctx.context.authCookies.sessionToken.name);
  if (session && session.value !== "") {
    const sessionToken = session.value.slice(0, session.value.lastIndexOf("."));
    const token = await createOneTimeToken(ctx.context, sessionToken, challenge);
    url.searchParams.set(TOKEN_PARAMETER, token);
    const held = credentialCookies(ctx.context);
    dropSetCookies(
      headers,
      (entry) => held.some((name) => cookieName(entry).startsWith(name)) && setsValue(entry),
    );
  }
  ctx.setHeader("location", url.toString());
}

/**
 * The start of a flow: an answer that sends the browser to a provider and sets Better Auth's state
 * cookie. The client cannot hold that cookie, because the provider returns the browser to this
 * host. So the browser goes by way of this host, which sets the cookie itself, and the state check
 * at the callback stays on as in any other app.
 */
async function startRedirect(ctx: HookContext, headers: Headers): Promise<unknown> {
  const returned: unknown = ctx.context.returned;
  if (!isRecord(returned) || typeof returned["url"] !== "string" || !URL.canParse(returned["url"]))
    return undefined;
  const url = new URL(returned["url"]);
  const stateNames = ["state", "oauth_state"].map(
    (name) => ctx.context.createAuthCookie(name).name,
  );
  const isState = (entry: string) => stateNames.includes(cookieName(entry)) && setsValue(entry);
  const cookies = headers.getSetCookie().filter(isState);
  if (cookies.length > 0) {
    dropSetCookies(headers, isState);
    const start = { url: returned["url"], cookies, actsOnUser: ctx.context.session !== null };
    const hop = new URL(`${ctx.context.baseURL}${START_PATH}`);
    hop.searchParams.set("flow", await sealStart(ctx.context, start));
    return { ...returned, url: hop.toString() };
  }
  if (!url.searchParams.has(CHALLENGE_PARAMETER)) return undefined;
  // A callback URL handed back at once, as after a password sign-in: there is no flow that needs
  // the challenge.
  url.searchParams.delete(CHALLENGE_PARAMETER);
  return { ...returned, url: url.toString() };
}

/** Repeats every `Set-Cookie` in a header that scripts may read. */
function mirrorCookies(ctx: HookContext, headers: Headers): void {
  const jwtCookie = ctx.context.createAuthCookie(JWT_COOKIE_NAME).name;
  const cookies = headers.getSetCookie().filter((entry) => cookieName(entry) !== jwtCookie);
  if (cookies.length === 0) return;
  ctx.setHeader(SET_COOKIE_HEADER, cookies.join(", "));
  const exposed = new Set(
    (headers.get("access-control-expose-headers") ?? "").split(",").map((name) => name.trim()),
  );
  exposed.delete("");
  ctx.setHeader("Access-Control-Expose-Headers", [...exposed, SET_COOKIE_HEADER].join(", "));
}

/**
 * The names of cookies that are, or hold, a session. Chunked and multi-session cookies begin with
 * them.
 */
function credentialCookies({ authCookies, createAuthCookie }: AuthContext): string[] {
  const { sessionToken, sessionData, accountData, dontRememberToken } = authCookies;
  return [
    ...[sessionToken, sessionData, accountData, dontRememberToken].map((cookie) => cookie.name),
    createAuthCookie(JWT_COOKIE_NAME).name,
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
