/** Which kind of Convex function a `ctx` belongs to, for code that `createAuth` shares between them. */
import type {
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";
import { GateError } from "../errors/index.js";

/** The ctx of any Convex function: query, mutation, action or HTTP action. */
export type GenericCtx<DataModel extends GenericDataModel = GenericDataModel> =
  GenericQueryCtx<DataModel> | GenericMutationCtx<DataModel> | GenericActionCtx<DataModel>;

/** The ctx of the functions that can call mutations: mutations, actions and HTTP actions. */
export type RunMutationCtx<DataModel extends GenericDataModel = GenericDataModel> =
  GenericMutationCtx<DataModel> | GenericActionCtx<DataModel>;

/** True where the app's tables can be read: in a query, and in a mutation, which can do all that a query can. */
export function isQueryCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): ctx is GenericQueryCtx<DataModel> {
  return "db" in ctx;
}

/** True in a mutation. */
export function isMutationCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): ctx is GenericMutationCtx<DataModel> {
  return "db" in ctx && "runMutation" in ctx;
}

/** True in an action and in an HTTP action. */
export function isActionCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): ctx is GenericActionCtx<DataModel> {
  return "runAction" in ctx;
}

/** True where mutations can be called, and so where Better Auth can write: everywhere but in a query. */
export function isRunMutationCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): ctx is RunMutationCtx<DataModel> {
  return "runMutation" in ctx;
}

/** Gives the ctx back, or throws GateError `WRONG_CONTEXT` unless it is that of a query or a mutation. */
export function requireQueryCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): GenericQueryCtx<DataModel> {
  if (isQueryCtx(ctx)) return ctx;
  throw wrong("a query or a mutation", "from an action call it through ctx.runQuery");
}

/** Gives the ctx back, or throws GateError `WRONG_CONTEXT` unless it is that of a mutation. */
export function requireMutationCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): GenericMutationCtx<DataModel> {
  if (isMutationCtx(ctx)) return ctx;
  throw wrong("a mutation", "from an action call it through ctx.runMutation");
}

/**
 * Gives the ctx back, or throws GateError `WRONG_CONTEXT` unless it is that of an action or an HTTP action. For what only
 * these can do, such as sending a mail with `fetch`.
 */
export function requireActionCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): GenericActionCtx<DataModel> {
  if (isActionCtx(ctx)) return ctx;
  throw wrong(
    "an action or an HTTP action",
    "from a mutation schedule it with ctx.scheduler.runAfter",
  );
}

/** Gives the ctx back, or throws GateError `WRONG_CONTEXT` where it is that of a query. */
export function requireRunMutationCtx<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
): RunMutationCtx<DataModel> {
  if (isRunMutationCtx(ctx)) return ctx;
  throw wrong("a mutation, an action or an HTTP action", "a query cannot write");
}

function wrong(where: string, advice: string): GateError {
  return new GateError("WRONG_CONTEXT", `this runs in ${where} only: ${advice}`, {
    meta: { needs: where },
  });
}
