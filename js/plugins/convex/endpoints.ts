import type { StandardSchemaV1 } from "better-auth";
import type { AuthEndpoint } from "better-auth/api";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { tokenStoreOf } from "../../adapter/token-store.js";
import type { PublicJwks } from "../../auth-config/keys.js";
import { schemaOf } from "../shared/standard-schema.js";
import { isTabRequest } from "../shared/tab-request.js";
import { clearJwtCookie, JWT_COOKIE_NAME, setJwtCookie } from "./cookie.js";
import { planKeyRing, publishedKeys } from "./key-ring.js";
import { discoveryDocument, JWKS_MAX_AGE_S, keySetOf } from "./key-set.js";
import type { DiscoveryDocument } from "./key-set.js";
import type { Settings } from "./options.js";
import { rotateKeys } from "./rotation.js";
import type { KeyRotation } from "./rotation.js";
import { listKeys, ringWithKey } from "./signing-key.js";
import type { KeySource } from "./signing-key.js";
import { tokenFor } from "./token.js";

/** The answer of the token endpoint. */
export interface TokenAnswer {
  /** The JWT for Convex. */
  token: string;
}

/** The query of the token endpoint. */
export type TokenQuery = { fresh?: string | undefined } | undefined;

/** Options of the token endpoint, as Better Auth's clients and `auth.api` infer them. */
export type TokenEndpointOptions = {
  method: "GET";
  requireHeaders: true;
  query: StandardSchemaV1<TokenQuery>;
};

/** The endpoints of the `convex()` plugin by their name in `auth.api`. */
export type ConvexEndpoints = {
  getConvexToken: AuthEndpoint<"/convex/token", TokenEndpointOptions, TokenAnswer>;
  getConvexTokenByOldName: AuthEndpoint<"/convex/get-token", TokenEndpointOptions, TokenAnswer>;
  getConvexJwks: AuthEndpoint<"/convex/jwks", { method: "GET" }, PublicJwks>;
  getConvexOpenIdConfiguration: AuthEndpoint<
    "/convex/.well-known/openid-configuration",
    { method: "GET" },
    DiscoveryDocument
  >;
  rotateConvexKeys: AuthEndpoint<string, RotationEndpointOptions, KeyRotation>;
};

/** The body of `auth.api.rotateConvexKeys`. */
export type RotationBody = { compromised?: boolean | undefined } | undefined;

/** Options of `auth.api.rotateConvexKeys`, as Better Auth infers them. */
export type RotationEndpointOptions = {
  method: "POST";
  body: StandardSchemaV1<RotationBody>;
};

const tokenQuery = schemaOf<TokenQuery>((value) => {
  if (value === undefined || value === null) return { value: undefined };
  const fresh = typeof value === "object" && "fresh" in value ? value.fresh : undefined;
  return { value: { fresh: fresh === undefined ? undefined : String(fresh) } };
});

const rotationBody = schemaOf<RotationBody>((value) => {
  if (value === undefined || value === null) return { value: undefined };
  const compromised =
    typeof value === "object" && "compromised" in value ? value.compromised : undefined;
  return compromised === undefined || typeof compromised === "boolean"
    ? { value: { compromised } }
    : { problem: "`compromised` must be true or false" };
});

/** The endpoints, under a path of our own so that they collide with no other plugin's. */
export function convexEndpoints(settings: Settings): ConvexEndpoints {
  return {
    getConvexToken: tokenEndpoint("/convex/token", settings),
    getConvexTokenByOldName: tokenEndpoint("/convex/get-token", settings),
    getConvexJwks: createAuthEndpoint("/convex/jwks", { method: "GET" }, async (ctx) => {
      const source = keySource(settings, ctx.context);
      const [keys, now] = [await listKeys(source), Date.now()];
      const ring = planKeyRing(keys, settings.ring, now);
      // Verifiers may come before the first token; an empty set would stay in their cache.
      const complete =
        ring.keyDue && canMakeKeys(source) ? await ringWithKey(source, keys, now) : ring;
      ctx.setHeader("Cache-Control", `public, max-age=${JWKS_MAX_AGE_S}`);
      return ctx.json(keySetOf(publishedKeys(complete)));
    }),
    getConvexOpenIdConfiguration: createAuthEndpoint(
      "/convex/.well-known/openid-configuration",
      { method: "GET" },
      async (ctx) => {
        ctx.setHeader("Cache-Control", `public, max-age=${JWKS_MAX_AGE_S}`);
        return ctx.json(discoveryDocument(settings.issuer(), ctx.context.baseURL, settings.alg));
      },
    ),
    // Without a path it is not served: only the app's own functions can call it.
    rotateConvexKeys: createAuthEndpoint(
      { method: "POST", body: rotationBody },
      (ctx): Promise<KeyRotation> =>
        rotateKeys(keySource(settings, ctx.context), {
          compromised: ctx.body?.compromised === true,
          now: Date.now(),
        }),
    ),
  };
}

function tokenEndpoint<Path extends string>(
  path: Path,
  settings: Settings,
): AuthEndpoint<Path, TokenEndpointOptions, TokenAnswer> {
  return createAuthEndpoint(
    path,
    { method: "GET", requireHeaders: true, query: tokenQuery },
    async (ctx): Promise<TokenAnswer> => {
      ctx.setHeader("Cache-Control", "no-store");
      const { authCookies, secret, tables } = ctx.context;
      // Better Auth's own check of its cookie, so that both agree on every cookie and secret.
      // `bearer()` has put its token into this cookie by now when the app has that plugin.
      const sessionToken = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
      const source = keySource(settings, ctx.context);
      const token = sessionToken
        ? await tokenFor(source, tables, {
            sessionToken,
            fresh: isYes(ctx.query?.fresh),
            now: Date.now(),
          })
        : null;
      const keepsCookies = !isTabRequest(ctx.request);
      const held = ctx.getCookie(ctx.context.createAuthCookie(JWT_COOKIE_NAME).name);
      if (!token) {
        if (held !== null && keepsCookies) clearJwtCookie(ctx);
        throw new APIError("UNAUTHORIZED", {
          code: "UNAUTHENTICATED",
          message: "There is no live session to make a token for.",
        });
      }
      if (held !== token.token && keepsCookies) {
        const isTemporary = await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret);
        setJwtCookie(ctx, token, { untilBrowserCloses: Boolean(isTemporary) });
      }
      return { token: token.token };
    },
  );
}

function keySource(
  settings: Settings,
  context: KeySource["context"] & { adapter: unknown },
): KeySource {
  return { settings, context, store: () => tokenStoreOf(context.adapter) };
}

function canMakeKeys(source: KeySource): boolean {
  return source.settings.staticKeys === undefined && source.store().writable;
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
