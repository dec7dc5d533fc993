/** `convex-gate/plugins`: the server plugins for Better Auth. */
export { convex } from "./convex/index.js";
export { JWT_COOKIE_NAME } from "./convex/cookie.js";
export type {
  ClaimSource,
  ConvexEndpoints,
  ConvexOptions,
  ConvexPlugin,
  DiscoveryDocument,
  JwtOptions,
  KeyOptions,
  KeyRotation,
  RotationBody,
  RotationEndpointOptions,
  TokenAnswer,
  TokenEndpointOptions,
  TokenQuery,
} from "./convex/index.js";
export { crossDomain } from "./cross-domain/index.js";
export type { CrossDomainOptions, CrossDomainPlugin } from "./cross-domain/index.js";
export { ssoInNode } from "./sso/index.js";
export type { SsoActionReference, SsoInNodeOptions, SsoPlugin } from "./sso/index.js";
export type { SsoAnswer, SsoRequest } from "./sso/request.js";
