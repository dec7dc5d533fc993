import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { ConvexGateSearch } from "../adapter/index.js";
import type { GenericCtx } from "../utils/context.js";
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

/** What `liveSession` goes by, to tell whose session it is. */
export interface SessionOptions {
  /**
   * The `issuer` of the provider in `auth.config.ts` by which this deployment signs people in, where that is not the
   * one of `getAuthConfigProvider()`. An identity of another issuer is nobody here, whatever it claims.
   * @default process.env.CONVEX_SITE_URL, which every deployment has; without it, as in a unit test, any issuer will do
   */
  issuer?: string;
}

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
