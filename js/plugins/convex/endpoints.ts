import type { StandardSchemaV1 } from "better-auth";
import type { AuthEndpoint } from "better-auth/api";
import { createAuthEndpoint } from "better-auth/api";
import type { PublicJwks } from "../../auth-config/keys.js";
import { schemaOf } from "../shared/standard-schema.js";
import { keySource } from "./instance-keys.js";
import { planKeyRing, publishedKeys } from "./key-ring.js";
import { discoveryDocument, DISCOVERY_MAX_AGE_S, JWKS_MAX_AGE_S, keySetOf } from "./key-set.js";
import type { DiscoveryDocument } from "./key-set.js";
import type { KeySource } from "./key-source.js";
import type { Settings } from "./options.js";
import { rotateKeys } from "./rotation.js";
import type { KeyRotation } from "./rotation.js";
import { listKeys, ringWithKey } from "./signing-key.js";
import { tokenEndpoint } from "./token-endpoint.js";
import type { TokenAnswer, TokenEndpointOptions } from "./token-endpoint.js";

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
        ctx.setHeader("Cache-Control", `public, max-age=${DISCOVERY_MAX_AGE_S}`);
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

function canMakeKeys(source: KeySource): boolean {
  return source.settings.staticKeys === undefined && source.store().writable;
}
