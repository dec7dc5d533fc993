import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { Value } from "convex/values";
import type { ConvexGateSearch } from "../adapter/index.js";
import type { GenericCtx } from "../utils/context.js";
import type { SessionOptions } from "./session-user.js";
import type { TriggerOptions } from "./triggers/types.js";

export type { GenericCtx } from "../utils/context.js";

/** The members of a ctx that reading a session needs; the ctx of every Convex function has them. */
export type GenericReadCtx<DataModel extends GenericDataModel = GenericDataModel> = Pick<
  GenericActionCtx<DataModel>,
  "auth" | "runQuery"
>;

/** The members of a ctx that revoking a session needs; the ctx of mutations, actions and HTTP actions has them. */
export type GenericWriteCtx<DataModel extends GenericDataModel = GenericDataModel> = Pick<
  GenericActionCtx<DataModel>,
  "runMutation"
>;

/** A user as Convex functions see it. Dates are ms since the epoch, since Convex values hold no `Date`. */
export interface AuthUser {
  /** The same as `id`; equals the JWT's `sub`, so either can be stored in the app's own tables. */
  _id: string;
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  image: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Milliseconds since the epoch. */
  updatedAt: number;
  /** Fields that plugins or the app added. */
  [field: string]: Value | undefined;
}

/** A session of which only the core's fields are known. */
export interface AuthSession {
  id: string;
  token: string;
  userId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  [field: string]: unknown;
}

/**
 * The options that the routes read. An instance only promises an object: TypeScript refuses options that share no name
 * with a type whose every member is optional, as those of an app that needs none of these.
 */
export interface ReadOptions {
  basePath?: string | undefined;
  trustedOrigins?: unknown;
  advanced?:
    | {
        ipAddress?:
          | {
              disableIpTracking?: boolean;
              ipAddressHeaders?: string[];
              trustedProxies?: string[];
            }
          | undefined;
      }
    | undefined;
}

/**
 * The parts of a Better Auth instance that the routes and helpers use. Structural on purpose: a patch release of Better
 * Auth that changes its own types does not break an app.
 */
export interface AuthInstance {
  handler: (request: Request) => Promise<Response>;
  /** The options that Better Auth was given, of which {@link ReadOptions} are read where it could not be made. */
  options?: object | undefined;
  $context: Promise<{
    adapter?: unknown;
    /** With the base path; empty until a request says which of several hosts it is. */
    baseURL?: string | undefined;
    /** Those of {@link ReadOptions}. */
    options: object;
    trustedOrigins: string[];
    isTrustedOrigin: (url: string) => boolean;
    secret: string;
    authCookies: { sessionToken: { name: string }; dontRememberToken: { name: string } };
  }>;
}

/** Makes the Better Auth instance of one request: the app's `createAuth`. */
export type CreateAuth<
  DataModel extends GenericDataModel = GenericDataModel,
  Auth extends AuthInstance = AuthInstance,
> = (ctx: GenericCtx<DataModel>) => Auth;

/** The same for HTTP actions, where it may have to load Better Auth first: there modules can be imported when needed. */
export type LoadAuth<DataModel extends GenericDataModel = GenericDataModel> = (
  ctx: GenericActionCtx<DataModel>,
) => AuthInstance | Promise<AuthInstance>;

/** Options of `createClient`. */
export interface CreateClientOptions<DataModel extends GenericDataModel = GenericDataModel>
  extends SessionOptions, TriggerOptions<DataModel> {
  /** Logs every database call of Better Auth, without values. @default false */
  verbose?: boolean;
  /**
   * Text fields in which a part is found by an index, such as `{ user: ["email", "name"] }` for the search of the admin
   * plugin. Costs one small document for each letter of the field when a row is written. Without it a table is read
   * through.
   *
   * @default {}
   */
  search?: ConvexGateSearch;
}

/** Origins, with wildcards as Better Auth defines them: a list, or a function that gives one for a request. */
export type Origins = string[] | ((request: Request) => string[] | Promise<string[]>);

/** CORS of the mounted routes: `true` for the app's trusted origins, or additions to the defaults. */
export type CorsOptions =
  | boolean
  | {
      /** Origins beside Better Auth's `trustedOrigins`. */
      allowedOrigins?: Origins;
      /** Request headers beside the defaults. */
      allowedHeaders?: string[];
      /** Response headers beside the defaults. */
      exposedHeaders?: string[];
    };
