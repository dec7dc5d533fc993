/** Ids of auth rows that the compiler tells apart. At run time each is a string and nothing else. */
import { v } from "convex/values";
import type { VString } from "convex/values";

/**
 * The id of a row of Better Auth's, such as `AuthId<"user">`: a string that is not taken for the id of another table, as
 * Convex's own `Id<"todos">`. Where an id comes as a plain string, from Better Auth's API or a JWT, `as AuthId<"user">`
 * says whose it is.
 */
export type AuthId<Model extends string> = string & { readonly __authModel: Model };

/**
 * `v.string()`, typed as the id of a row of Better Auth's: for tables and arguments of the app, such as
 * `defineTable({ userId: vAuthId("user") })`. Nothing looks the row up: the auth tables are in a component of their own.
 */
export function vAuthId<Model extends string>(_model: Model): VString<AuthId<Model>> {
  return v.string() as VString<string> as VString<AuthId<Model>>;
}
