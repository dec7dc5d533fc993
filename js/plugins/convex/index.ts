import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { tokenStoreOf } from "../../adapter/token-store.js";
import { runLast } from "../shared/finish.js";
import { asOwn } from "../shared/own-plugins.js";
import { TOKEN_LEEWAY_MS } from "../shared/token-leeway.js";
import { announce, announceEnd } from "./announce.js";
import { checkJwksPath } from "./auth-config-check.js";
import { backgroundTasks } from "./background-tasks.js";
import { followSessionCookie } from "./cookie.js";
import { checkedOrigins } from "./deployment-defaults.js";
import { convexEndpoints } from "./endpoints.js";
import type { ConvexEndpoints } from "./endpoints.js";
import { instanceFacts } from "./instance-facts.js";
import type { LaneFacts } from "./lane-facts.js";
import { endOtherSessions } from "./other-sessions.js";
import { resolveOptions } from "./options.js";
import type { ConvexOptions } from "./options.js";
import { passwords } from "./passwords.js";
import { rateLimits } from "./rate-limit.js";
import { checkSecret } from "./secret.js";
import { checkSessionStorage } from "./session-storage.js";
import { tokenWithSession } from "./token-with-session.js";
import { deleteUsersWhole } from "./whole-deletions.js";

export type { ClaimSource } from "./claims.js";
export type { ConvexEndpoints, RotationBody, RotationEndpointOptions } from "./endpoints.js";
export type { DiscoveryDocument } from "./key-set.js";
export type { ConvexOptions, JwtOptions, KeyOptions } from "./options.js";
export type { KeyRotation } from "./rotation.js";
export type { TokenAnswer, TokenEndpointOptions, TokenQuery } from "./token-endpoint.js";

/** The plugin that `convex()` returns. */
export type ConvexPlugin = {
  id: "convex";
  init: NonNullable<BetterAuthPlugin["init"]>;
  endpoints: ConvexEndpoints;
  hooks: { after: NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]> };
  /** For the fast lane of the routes: what it may answer for this instance; null for nothing. */
  laneFacts: (context: AuthContext) => LaneFacts | null;
};

/**
 * The Better Auth server plugin that gives a session a JWT which Convex accepts.
 *
 * Adds `GET /convex/token` (also `/convex/get-token`), `/convex/jwks` and
 * `/convex/.well-known/openid-configuration`, the header `Set-Convex-Token` of the answer to
 * `GET /get-session?convexToken=true`, and the cookie `convex_jwt`, which follows the session cookie. Stands anywhere in `plugins` and beside any other plugin. Throws when the options
 * cannot work: `AUTH_CONFIG_INVALID`, `KEY_SET_INVALID`, `RESERVED_CLAIM` or `INVALID_OPTION`. The
 * instance itself, its `handler` and its `api`, fails with `ENV_MISSING` or `SECRET_INSECURE`
 * without a secret of the app's own, and with `AUTH_CONFIG_INVALID` where `auth.config.ts` looks for
 * the keys under another base path than Better Auth's.
 */
export function convex(options: ConvexOptions): ConvexPlugin {
  const settings = resolveOptions(options);
  return asOwn({
    id: "convex",
    init: (context) => {
      const { adapter, logger } = context;
      checkSessionStorage(context);
      checkSecret(context);
      checkJwksPath(settings.provider, context);
      warnOnce(settings.warning, logger);
      warnOnce(shortSessions(context.sessionConfig), logger);
      const rates = rateLimits(context);
      const hashes = passwords(context);
      deleteUsersWhole(context);
      return {
        context: {
          ...rates.context,
          ...checkedOrigins(context),
          ...backgroundTasks(context),
          ...hashes.context,
        },
        options: {
          ...rates.options,
          ...hashes.options,
          // Better Auth deletes expired verification rows after reading one, at most once a minute
          // per instance. On Convex every request has its own instance, so each would pay for two
          // more calls.
          verification: { disableCleanup: true },
          // Better Auth renews a session whenever it reads one that is due, and fails where it cannot:
          // a day after the sign-in every query that asks it for the session would.
          ...(isReadOnly(adapter) ? { session: { disableSessionRefresh: true } } : {}),
          ...runLast(
            "convex-jwt-cookie",
            [followSessionCookie(settings), tokenWithSession(settings)],
            announce,
          ),
        },
      };
    },
    endpoints: convexEndpoints(settings),
    hooks: { after: [endOtherSessions, announceEnd] },
    laneFacts: (context) => instanceFacts(context, settings),
  });
}

/** True in a Convex query. An app with another adapter learns of it where its tokens are asked for. */
function isReadOnly(adapter: unknown): boolean {
  try {
    return !tokenStoreOf(adapter).writable;
  } catch {
    return false;
  }
}

function shortSessions({ expiresIn }: AuthContext["sessionConfig"]): string | undefined {
  if (expiresIn * 1000 > TOKEN_LEEWAY_MS) return undefined;
  return `[convex-gate] session.expiresIn is ${expiresIn} s: there are no tokens for the last ${TOKEN_LEEWAY_MS / 1000} s of a session, so nobody would be signed in.`;
}

const warned = new Set<string>();

/**
 * An instance is made for every request; a finding about the configuration needs one line for all
 * of them.
 */
function warnOnce(warning: string | undefined, logger: { warn(message: string): void }): void {
  if (warning === undefined || warned.has(warning)) return;
  warned.add(warning);
  logger.warn(warning);
}
