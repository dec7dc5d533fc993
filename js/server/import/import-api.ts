/** The app's function that `npx convex-gate import` calls: a page of rows in one transaction. */
import type { GenericDataModel, GenericMutationCtx, RegisteredMutation } from "convex/server";
import { internalMutationGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import type { ConvexGateSearch } from "../../adapter/index.js";
import type { ConvexGateRules } from "../../adapter/store.js";
import { convexErrorOf } from "../../errors/convex-error.js";
import { isFaultValue } from "../../errors/fault-value.js";
import type {
  ImportTarget,
  PageAnswer,
  PageRow,
  RowFacts,
  RowResult,
} from "../../import/protocol.js";
import type { AuthInstance, CreateAuth } from "../types.js";
import { importOrder } from "./order.js";
import { passwordRuleOf } from "./passwords.js";
import type { ImportContext, PreparedRow } from "./prepare.js";
import { createPreparation } from "./prepare.js";

/** The arguments of `importPage`. */
export type PageArguments = {
  /** `[{ model, row }]` as JSON: what an old database holds need not be values of Convex. */
  rows: string;
  /** Which page this is, of all of all imports. Without it nothing is written. */
  page?: { run: string; number: number };
};

/** The part of the app's client that takes in rows from elsewhere. */
export interface ImportApi<DataModel extends GenericDataModel> {
  /**
   * The internal mutation that `npx convex-gate import` calls, to export from `convex/auth.ts`:
   * `export const { importPage } = authComponent.importApi(createAuth)`. It takes what the app's own options have models, fields
   * and providers for, and never changes a row that is there.
   */
  importApi(createAuth: CreateAuth<DataModel>): {
    importPage: RegisteredMutation<"internal", PageArguments, Promise<PageAnswer | ImportTarget>>;
  };
}

/** `importApi` over a component. */
export function createImportApi<DataModel extends GenericDataModel>(
  component: ComponentApi,
  { search }: { search?: ConvexGateSearch | undefined },
): ImportApi<DataModel> {
  return {
    importApi: (createAuth) => ({
      importPage: internalMutationGeneric({
        args: {
          rows: v.string(),
          page: v.optional(v.object({ run: v.string(), number: v.number() })),
        },
        returns: v.any(),
        async handler(ctx, { rows, page }) {
          const given = rowsIn(rows);
          const context = await contextOf(createAuth(ctx as never));
          if (given.length === 0) return targetOf(component, ctx, context);
          const prepare = createPreparation(context, {
            search,
            passwordRule: passwordRuleOf(context.options),
          });
          const prepared = [];
          for (const { model, row } of given) prepared.push(await prepare(model, row));
          const taken = prepared.filter((each) => "row" in each);
          const answers = taken.length > 0 ? await written(component, ctx, taken, page) : [];
          const next = answers.values();
          const told: PageRow[] = [];
          for (const each of prepared) {
            const notes = each.notes.length > 0 ? { notes: each.notes } : {};
            if ("refusal" in each) {
              told.push({ result: each.refusal, ...notes });
              continue;
            }
            const { value, done } = next.next();
            // The page was written before, with fewer rows: the others come again.
            if (done) break;
            told.push({
              ...notes,
              ...(page ? { result: value as RowResult } : { facts: value as RowFacts }),
            });
          }
          return { rows: told };
        },
      }),
    }),
  };
}

type Ctx = Pick<GenericMutationCtx<GenericDataModel>, "runMutation" | "runQuery">;

async function targetOf(
  component: ComponentApi,
  ctx: Ctx,
  { tables }: ImportContext,
): Promise<ImportTarget> {
  const users = await ctx.runQuery(component.gate.findMany, {
    model: "user",
    limit: 1,
    select: ["id"],
  });
  return { hasUsers: Array.isArray(users) && users.length > 0, order: importOrder(tables) };
}

async function contextOf(auth: AuthInstance): Promise<ImportContext> {
  return (await auth.$context) as unknown as ImportContext;
}

async function written(
  component: ComponentApi,
  ctx: Ctx,
  prepared: readonly PreparedRow[],
  page: PageArguments["page"],
): Promise<readonly unknown[]> {
  const rules: Record<string, ConvexGateRules> = {};
  for (const each of prepared) rules[each.row.model] = each.rules;
  const args = { rows: prepared.map(({ row }) => row), rules, ...(page && { page }) };
  const answer = await ctx.runMutation(component.imports.page, {
    ...args,
    faults: "values",
  } as never);
  // Only the data of a ConvexError reaches the caller of a deployment in production.
  if (isFaultValue(answer)) throw convexErrorOf(answer.fault);
  return answer as unknown[];
}

function rowsIn(text: string): { model: string; row: Readonly<Record<string, unknown>> }[] {
  const rows = parsed(text);
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  const message = "`rows` has to be a JSON list of { model, row }";
  throw new ConvexError({ code: "INVALID_ARGUMENT", message });
}

/** The parser's own message would quote the rows, and Convex logs it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(each: unknown): each is { model: string; row: Readonly<Record<string, unknown>> } {
  if (typeof each !== "object" || each === null || !("model" in each) || !("row" in each))
    return false;
  return typeof each.model === "string" && typeof each.row === "object" && each.row !== null;
}
