/** The answers of the fast lane about a session: those of Better Auth's and the plugin's endpoints, from facts and rows. */
import type { CachedToken, TokenContext } from "../../adapter/token-store.js";
import type { ClaimSource } from "../../plugins/convex/claims.js";
import { endOf, isDue } from "../../plugins/convex/due.js";
import { planToken } from "../../plugins/convex/good-token.js";
import type { TokenWish } from "../../plugins/convex/good-token.js";
import type { TokenRules } from "../../plugins/convex/key-source.js";
import type { LaneFacts } from "../../plugins/convex/lane-facts.js";
import { fitsCookie } from "../../plugins/shared/cookie-size.js";
import { isYes } from "../../plugins/shared/is-yes.js";
import { tellToken, TOKEN_PARAMETER } from "../../plugins/shared/session-token.js";
import { FullWay } from "./full-way.js";
import type { Jar } from "./jar.js";
import { isPlainCookie, setCookie } from "./jar.js";
import { json } from "./json.js";
import { told, whoIn } from "./rows.js";

/** The session that a request's cookie names, with what the question needed beside it. */
export type Found = Pick<TokenContext, "session" | "user"> & Partial<TokenContext>;

/** Signs a token for a session; null where it was revoked meanwhile. */
export type Sign = (
  rules: TokenRules,
  found: TokenContext,
  who: ClaimSource,
  wish: TokenWish,
) => Promise<CachedToken | null>;

/** What an answer about a session is made of. */
export interface SessionCase {
  readonly facts: LaneFacts;
  readonly jar: Jar;
  readonly query: URLSearchParams;
  /** null without a session cookie of the app's; undefined for a session that there is not. */
  readonly found: Found | null | undefined;
  /** Signs a token, and keeps it. */
  readonly sign: Sign;
  /** ms */
  readonly now: number;
}

/** `GET /get-session` (Better Auth 1.7), with its token where it is asked for. */
export async function sessionAnswer(given: SessionCase): Promise<Response> {
  const { facts, query, found, now } = given;
  const headers = new Headers({ "cache-control": "no-store", pragma: "no-cache" });
  if (found === null) return json(null, headers);
  const session = found && told(found.session, facts.session);
  const user = found && told(found.user, facts.user);
  const end = found?.session["expiresAt"];
  // One that is over is cleared away, and so is its cookie.
  if (!session || !user || typeof end !== "number" || end < now) throw new FullWay("no session");
  const { renewal } = facts;
  const isRenewed = renewal !== null && !query.has("disableRefresh");
  if (isRenewed && end - renewal.expiresInMs + renewal.updateAgeMs <= now)
    throw new FullWay("a renewal");
  if (isYes(query.get(TOKEN_PARAMETER) ?? undefined)) {
    const { token } = await tokenIn(given);
    if (token) tellToken(headers, { token: token.token, sessionExpiresAt: end, now });
  }
  return json({ session, user }, headers);
}

/** The plugin's token endpoint. */
export async function tokenAnswer(given: SessionCase): Promise<Response> {
  const { facts, jar, query, found, now } = given;
  const headers = new Headers({ "cache-control": "no-store" });
  const { name } = facts.cookies.jwt;
  const held = jar.cookies.get(name);
  const keepsCookies = !jar.isTab;
  // Nothing is signed, and kept, for an answer that the full way has to give.
  if (keepsCookies && !isPlainCookie(facts.cookies.jwt)) throw new FullWay("a cookie's attributes");
  const isAllowed = facts.renewal !== null && !isYes(query.get("disableRefresh") ?? undefined);
  const { token, who } = found ? await tokenIn(given, isAllowed) : { token: null, who: null };
  if (!token) {
    if (held && keepsCookies) throw new FullWay("a cookie to clear");
    const code = "UNAUTHENTICATED";
    const message = "There is no live session to make a token for.";
    return json({ code, message }, headers, 401);
  }
  if (keepsCookies && !fitsCookie(name, token.token)) {
    // Browsers would ignore it, and go on with the one that they have.
    if (held !== undefined) headers.append("set-cookie", setCookie(facts.cookies.jwt, "", 0));
  } else if (keepsCookies && held !== token.token) {
    const seconds = Math.max(0, Math.floor((token.expiresAt - Date.now()) / 1000));
    headers.append("set-cookie", setCookie(facts.cookies.jwt, token.token, seconds));
  }
  return json({ token: token.token, sessionExpiresAt: endOf(who), now }, headers);
}

/** The token of a session that is there, if it has one. With `renews` a session that is due goes the full way. */
async function tokenIn(
  { facts, query, found, sign, now }: SessionCase,
  renews = false,
): Promise<{ token: CachedToken; who: ClaimSource } | { token: null; who: null }> {
  if (!facts.tokens || !isWhole(found)) throw new FullWay("a token");
  const { issuer, ...others } = facts.tokens;
  const rules: TokenRules = {
    ...others,
    issuer: () => issuer,
    definePayload: undefined,
    staticKeys: undefined,
  };
  const who = whoIn(found, facts);
  const none = { token: null, who: null };
  if (!(endOf(who) > now)) return none;
  if (renews && facts.renewal && isDue(who.session, facts.renewal, now))
    throw new FullWay("a renewal");
  const wish = { fresh: isYes(query.get("fresh") ?? undefined), now };
  const plan = await planToken(rules, found, who, wish);
  const token = plan && (plan.good ?? (await sign(rules, found, who, wish)));
  return token ? { token, who } : none;
}

function isWhole(found: Found | null | undefined): found is TokenContext {
  return found?.cached !== undefined && found.keys !== undefined;
}
