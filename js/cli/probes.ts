/** What a deployment does with cookies and origins, seen from outside: a sign-out of nobody shows both. */
import type { Env, Finding, Uses } from "./finding.js";
import { COOKIE_HEADER, SET_COOKIE_HEADER } from "../plugins/shared/cross-domain-protocol.js";
import { ask, askJson, messageOf } from "./requests.js";

const SESSION_COOKIE = /^((?:__Secure-|__Host-)?)(.*)\.session_token=/;
/** Reserved, so nobody can own it (RFC 6761). */
const FOREIGN_ORIGIN = "https://convex-gate-doctor.invalid";

/** Whether the deployment has `crossDomain()`, which answers a tab's cookies in kind; undefined where it does not tell. */
export async function crossDomainOf(base: string): Promise<Uses | undefined> {
  // Without an origin, as a native app asks, so that no origin has to be trusted.
  const answer = await ask(`${base}/sign-out`, {
    method: "POST",
    headers: { [COOKIE_HEADER]: "doctor=1", "content-type": "application/json" },
    body: "{}",
  });
  if ("problem" in answer || !answer.response.ok) return undefined;
  return answer.response.headers.has(SET_COOKIE_HEADER) ? "yes" : "no";
}

/**
 * What the routes say of a set-up in which they refuse every request from a frontend. `own` is the origin of an app that
 * passes requests on, here and in what follows; undefined on two origins.
 */
export async function setupFinding(
  base: string,
  site: string,
  own: string | undefined,
): Promise<Finding | undefined> {
  const answer = await signOutOfNobody(base, own ?? site);
  if ("problem" in answer || answer.response.status !== 500) return undefined;
  const message = await messageOf(answer.response);
  return message === undefined ? undefined : { level: "error", code: "SETUP", message };
}

/** Which prefixes the session cookie has, told by the cookies that a sign-out clears. */
export async function cookieFinding(
  base: string,
  site: string,
  own: string | undefined,
): Promise<Finding> {
  const code = "COOKIES";
  // Browsers see the cookies where the base URL is: with one origin that is the app's.
  const origin = own ?? site;
  const answer = await signOutOfNobody(base, origin);
  if ("response" in answer && answer.response.status === 403)
    return { level: "unseen", code, message: `are shown to none of ${origin}` };
  const cookies = "problem" in answer ? [] : answer.response.headers.getSetCookie();
  const match = cookies.map((cookie) => SESSION_COOKIE.exec(cookie)).find((found) => found);
  if (!match)
    return {
      level: "warning",
      code,
      message: "no session cookie was seen",
      remedy: "check `advanced.cookies`, and getTokenCookie's `cookieName` where you use it",
    };
  const [, secure = "", prefix = ""] = match;
  const isHttps = origin.startsWith("https:");
  if (isHttps && secure === "")
    return {
      level: "warning",
      code,
      message: `${prefix}.session_token lacks the prefix __Secure-`,
      remedy: "set baseURL to the https address, or advanced: { useSecureCookies: true }",
    };
  if (!isHttps && secure !== "")
    return {
      level: "warning",
      code,
      message: `${secure}${prefix}.session_token is refused by browsers without https`,
      remedy: "set baseURL to the http address for local work",
    };
  if (prefix !== "better-auth")
    return {
      level: "warning",
      code,
      message: `have the prefix ${prefix}`,
      remedy: `use getTokenCookie(headers, { cookiePrefix: "${prefix}" }), and getAuth(createAuth, ctx) in place of getHeaders(ctx)`,
    };
  return { level: "ok", code, message: `are named ${secure}${prefix}.session_token and the like` };
}

/** Whether the app's origin is trusted, and a stranger's is not. */
export async function originFindings(
  base: string,
  env: Env,
  one: string | undefined,
): Promise<Finding[]> {
  const siteUrl = env["SITE_URL"] || one;
  const [own, foreign] = await Promise.all([
    siteUrl && URL.canParse(siteUrl) ? ownOriginFindings(base, new URL(siteUrl).origin, one) : [],
    allowedOrigin(base, FOREIGN_ORIGIN),
  ]);
  if (foreign === undefined) return own;
  return [
    ...own,
    {
      level: "error",
      code: "TRUSTED_ORIGINS",
      message: `let ${FOREIGN_ORIGIN} in, so any site can act as its visitors`,
      remedy: "name exact origins in trustedOrigins and in registerRoutes' cors",
    },
  ];
}

async function ownOriginFindings(
  base: string,
  origin: string,
  one: string | undefined,
): Promise<Finding[]> {
  const answer = await signOutOfNobody(base, origin);
  if ("problem" in answer || answer.response.status === 403)
    return [
      {
        level: "error",
        code: "TRUSTED_ORIGINS",
        message: `do not hold SITE_URL (${origin})`,
        remedy:
          "add crossDomain() to the plugins, or the address to trustedOrigins in the options of betterAuth",
      },
    ];
  const trusted: Finding = { level: "ok", code: "TRUSTED_ORIGINS", message: `hold ${origin}` };
  if (one === origin) return [trusted, await proxyFinding(base, origin)];
  const allowed = await allowedOrigin(base, origin);
  return [
    trusted,
    allowed === origin || new URL(base).origin === origin
      ? { level: "ok", code: "CORS", message: `lets ${origin} in` }
      : {
          level: "warning",
          code: "CORS",
          message: `does not let ${origin} in`,
          remedy:
            "registerRoutes(http, createAuth, { cors: true }), unless the app's own server passes requests on",
        },
  ];
}

function isOwnMachine(origin: string): boolean {
  return /^(localhost|127\..*|\[::1\]|.*\.localhost)$/.test(new URL(origin).hostname);
}

/** Whether the app passes Better Auth's paths on to the deployment: then both give the same document. */
async function proxyFinding(base: string, origin: string): Promise<Finding> {
  const code = "ONE_ORIGIN";
  const path = `${new URL(base).pathname.replace(/\/$/, "")}/convex/.well-known/openid-configuration`;
  const [through, direct] = await Promise.all([
    askJson(`${origin}${path}`),
    askJson(`${base}/convex/.well-known/openid-configuration`),
  ]);
  // A developer has not started the app yet, as after `init`, which is no fault.
  if ("problem" in through && through.isUnreached && isOwnMachine(origin))
    return {
      level: "unseen",
      code,
      message: `was not asked: the app is not running at ${origin}`,
      remedy: "start it, and run doctor again",
    };
  if ("problem" in through)
    return {
      level: "warning",
      code,
      message: through.problem,
      remedy: "start the app, and let it pass that path on: docs/one-origin.md of convex-gate",
    };
  const isSame = "json" in direct && direct.json["issuer"] === through.json["issuer"];
  if (isSame) return { level: "ok", code, message: `${origin} passes requests on` };
  const message = `${origin} passes requests on to another deployment (${String(through.json["issuer"])})`;
  return { level: "error", code, message, remedy: "change the target of the app's proxy" };
}

/** Whether production lets a page of the developer's machine in, as it does where its addresses stand in the code. */
export async function developerFindings(base: string, origin: string): Promise<Finding[]> {
  const answer = await signOutOfNobody(base, origin);
  if ("problem" in answer || !answer.response.ok) return [];
  return [
    {
      level: "warning",
      code: "TRUSTED_ORIGINS",
      message: `let ${origin} in, in production`,
      remedy: "take it from a variable, as SITE_URL, and not from the code",
    },
  ];
}

/** Origins are checked for requests with a cookie, whatever it says. */
function signOutOfNobody(base: string, origin: string): ReturnType<typeof ask> {
  return ask(`${base}/sign-out`, {
    method: "POST",
    headers: { origin, cookie: "doctor=1", "content-type": "application/json" },
    body: "{}",
  });
}

async function allowedOrigin(base: string, origin: string): Promise<string | undefined> {
  const answer = await ask(`${base}/get-session`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "GET" },
  });
  if ("problem" in answer) return undefined;
  const allowed = answer.response.headers.get("access-control-allow-origin") ?? undefined;
  return allowed === "*" ? origin : allowed;
}
