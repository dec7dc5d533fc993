/** What an app may do when rows of Better Auth's tables come, change and go. */
import type { FunctionReference, GenericDataModel, GenericMutationCtx } from "convex/server";
import type { Value } from "convex/values";
import type { AuthRow } from "../typed-rows.js";
import type { AuthUser } from "../auth-rows.js";

/** A row of any table, as `getAuthUser` gives users: dates in ms, values of `json` fields parsed, no hidden fields. */
export interface TriggerRow {
  /** The same as `id`. */
  _id: string;
  id: string;
  [field: string]: Value | undefined;
}

/** What `beforeCreate` gives: fields to set, `false` to refuse the row, or nothing, for which `true` will do. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a function that gives nothing is one of them
export type BeforeCreate<Row> = Partial<Row> | boolean | null | undefined | void;

/**
 * The triggers of one model. All of them run in the mutation that writes the row, with that mutation's ctx: what they write
 * is committed with it, and when one of them throws nothing is. A ConvexError with `{ code, message }` reaches the
 * client as Better Auth's error, with status 400 or the `status` (400 to 499) that it names.
 */
// What they give is not looked at. Were it `unknown`, TypeScript would work it out, and a trigger that names `internal` would
// be part of what `internal` is.
/* eslint-disable @typescript-eslint/no-explicit-any */
export interface ModelTriggers<DataModel extends GenericDataModel, Row = TriggerRow> {
  /**
   * Asked before any row of a flow is written. Gives fields to set (the id stays), or `false` to refuse the row and
   * the whole flow. In a transaction of Better Auth it runs at least twice: to tell what the row will be, of which nothing
   * is kept, and once more when everything is written.
   */
  beforeCreate?(
    ctx: GenericMutationCtx<DataModel>,
    args: { readonly doc: Row },
  ): BeforeCreate<Row> | Promise<BeforeCreate<Row>>;
  /** After a row was created, and with it all other rows of the same flow. */
  created?(ctx: GenericMutationCtx<DataModel>, args: { readonly doc: Row }): any;
  /** After a row was written again; `before` is as it was. */
  updated?(
    ctx: GenericMutationCtx<DataModel>,
    args: { readonly doc: Row; readonly before: Row },
  ): any;
  /** After a row was deleted, by a cascade too; `doc` is as it was. */
  deleted?(ctx: GenericMutationCtx<DataModel>, args: { readonly doc: Row }): any;
}

/* eslint-enable @typescript-eslint/no-explicit-any */

/** The triggers of an app, by Better Auth's names of the models: those of its core, and those that plugins bring. */
export interface Triggers<DataModel extends GenericDataModel> {
  user?: ModelTriggers<DataModel, AuthUser>;
  session?: ModelTriggers<DataModel, AuthRow<unknown, "session">>;
  account?: ModelTriggers<DataModel, AuthRow<unknown, "account">>;
  verification?: ModelTriggers<DataModel, AuthRow<unknown, "verification">>;
  /** A model that a plugin brings; its rows have an `id` and what the plugin says. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every model above has to fit in here, whatever its rows
  [model: string]: ModelTriggers<DataModel, any> | undefined;
}

/** `internal.auth` of an app that exports what `triggersApi()` gives from `convex/auth.ts`. */
export interface TriggerFunctions {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its arguments are this library's own business
  writeWithTriggers: FunctionReference<"mutation", "internal", any, any>;
}

/** The options of `createClient` that triggers need. */
export interface TriggerOptions<DataModel extends GenericDataModel> {
  /**
   * What to do when rows of Better Auth's tables come, change and go, in the transaction that writes them. Needs `functions`.
   *
   * @default {}
   */
  triggers?: Triggers<DataModel>;
  /**
   * The module that exports what `triggersApi()` gives. By a constant of its own, `const functions: TriggerFunctions =
   * internal.auth`, since TypeScript cannot work out a module from the module itself.
   */
  functions?: TriggerFunctions;
}
