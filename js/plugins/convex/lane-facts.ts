/**
 * What the fast lane of the routes knows of an app: what Better Auth, made in full once, leaves for requests that do without
 * it. Names and rules, never a secret or a token.
 */
import type { DeclaredShape } from "../../protocol/row-shape.js";
import type { TokenRules } from "./key-source.js";

/** The paths that the fast lane answers where nothing of the app has a say there. */
export const LANE_PATHS = {
  session: "/get-session",
  token: "/convex/token",
  /** The token endpoint by its old name. */
  oldToken: "/convex/get-token",
  jwks: "/convex/jwks",
  discovery: "/convex/.well-known/openid-configuration",
} as const;

/** One of {@link LANE_PATHS}. */
export type LanePath = (typeof LANE_PATHS)[keyof typeof LANE_PATHS];

/** The tokens' rules, without what no JSON holds: apps with `definePayload` or static keys go the full way. */
export type LaneTokenRules = Omit<TokenRules, "issuer" | "definePayload" | "staticKeys"> & {
  readonly issuer: string;
};

/** A field of a session or user, in the order in which answers have them. */
export interface LaneField {
  readonly name: string;
  /** Where the row has it. */
  readonly fieldName: string;
  /** Better Auth's type of the field, where it is a name. */
  readonly type: string;
  /** Refers to an id, or is one: told as text. */
  readonly isId: boolean;
  /** Never told. */
  readonly hidden: boolean;
}

/** A model's fields, and what its rows carry of them. */
export interface LaneModel {
  readonly fields: readonly LaneField[];
  readonly declared: DeclaredShape;
}

/** A cookie that the lane sets, with Better Auth's attributes for it. */
export interface LaneCookie {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** See the file's comment. */
export interface LaneFacts {
  /** Those of {@link LANE_PATHS} that are open. */
  readonly paths: readonly LanePath[];
  /** Whether tabs keep their cookies themselves, as with `crossDomain()`. */
  readonly tabs: boolean;
  /** Names of cookies. */
  readonly cookies: {
    readonly session: string;
    readonly temporary: string;
    readonly data: string;
    readonly jwt: LaneCookie;
  };
  readonly session: LaneModel;
  readonly user: LaneModel;
  /** null where sessions are not renewed. */
  readonly renewal: { readonly expiresInMs: number; readonly updateAgeMs: number } | null;
  /** null where tokens are not to be made here. */
  readonly tokens: LaneTokenRules | null;
  readonly discovery: { readonly issuer: string; readonly baseURL: string; readonly alg: string };
  /** Whom Better Auth trusts. */
  readonly origins: readonly string[];
}
