/** The app's mutation in which a write and its triggers are one transaction. */
import type { FunctionReference, GenericDataModel, GenericMutationCtx } from "convex/server";
import { ConvexError } from "convex/values";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import type { ConvexGateArguments, ConvexGateStep } from "../../adapter/store.js";
import type {
  Preparation,
  TriggeredPreparation,
  TriggeredWrite,
  TriggerTable,
} from "../../adapter/trigger-protocol.js";
import { writeOf } from "../../adapter/trigger-protocol.js";
import type { WithChanges } from "../../protocol/row-change.js";
import { convexErrorOf } from "../../errors/convex-error.js";
import { dataOf } from "../../errors/fault.js";
import { isFaultValue } from "../../errors/fault-value.js";
import type { NotedReads } from "./reads.js";
import { notingReads } from "./reads.js";
import { notCreated, refusing } from "./refusals.js";
import { shown, stored } from "./rows.js";
import type { ModelTriggers, Triggers } from "./types.js";
import { within } from "./within.js";

type Row = Record<string, unknown>;
type Create = ConvexGateArguments["create"];

/** What the mutation is called with: a write, or a question; `rehearse` is for its own call of itself. */
export type WriterRequest = (TriggeredWrite | TriggeredPreparation) & {
  readonly rehearse?: boolean;
};

/** Does a write of the component with the triggers around it. */
export interface TriggerWriter<DataModel extends GenericDataModel> {
  /** The handler of the app's mutation. */
  handle(ctx: GenericMutationCtx<DataModel>, request: WriterRequest): Promise<unknown>;
}

/** The writer of one app. */
export function createTriggerWriter<DataModel extends GenericDataModel>(
  component: ComponentApi,
  triggers: Triggers<DataModel>,
  self: () => FunctionReference<"mutation", "internal">,
): TriggerWriter<DataModel> {
  type Ctx = GenericMutationCtx<DataModel>;
  /** A request in the course of its work. */
  interface Work {
    readonly ctx: Ctx;
    /** What `beforeCreate` reads: of one new row after the other, since each may see what was written for those before it. */
    readonly noted: NotedReads<DataModel>;
    readonly rows: readonly string[];
    readonly tables: readonly TriggerTable[];
  }

  const workOf = (ctx: Ctx, { tables = [], within: rows = [] }: WriterRequest): Work => ({
    ctx,
    noted: notingReads(ctx),
    rows,
    tables: Object.keys(triggers).map(
      (model) => tables.find((each) => each.model === model) ?? { model, table: model, shape: [] },
    ),
  });

  return {
    async handle(ctx, request) {
      const work = workOf(ctx, request);
      if ("prepare" in request)
        return request.rehearse === true ? rehearse(work, request) : prepare(ctx, request);
      return write(work, request);
    },
  };

  /** Asks `beforeCreate` in a transaction that is rolled back: what it writes then is of no more use than a question. */
  async function prepare(ctx: Ctx, request: TriggeredPreparation): Promise<Preparation> {
    try {
      await ctx.runMutation(self(), { ...request, rehearse: true } as never);
    } catch (error) {
      const data = dataOf(error);
      if (isRecord(data) && "prepared" in data) return data["prepared"] as Preparation;
      throw error;
    }
    throw new Error("a rehearsal did not roll back");
  }

  async function rehearse(
    work: Work,
    { prepare: { model, data, after = [] } }: TriggeredPreparation,
  ): Promise<never> {
    for (const earlier of after) await decided(work, earlier.model, earlier.data);
    throw new ConvexError({ prepared: await decided(work, model, data) } as never);
  }

  async function write(work: Work, { write: name, args }: TriggeredWrite): Promise<unknown> {
    const asked = work.tables.some(({ model }) => triggers[model]?.beforeCreate);
    const decidedArgs = asked ? await withDecisions(work, args) : args;
    const changes = work.tables
      .filter(({ model }) => hasAfter(triggers[model]))
      .map(({ table }) => table);
    const answer: unknown = await work.ctx.runMutation(writeOf(component, name), {
      ...decidedArgs,
      ...(changes.length > 0 && { changes }),
    } as never);
    if (isFaultValue(answer)) {
      // A trigger may have written something, which has to go.
      if (asked) throw convexErrorOf(answer.fault);
      return answer;
    }
    if (changes.length === 0) return answer;
    const done = answer as WithChanges<unknown>;
    for (const change of done.changes) await tell(work, change);
    return done.result;
  }

  /** The arguments of a write, whose new rows are as the triggers want them. */
  async function withDecisions(work: Work, args: object): Promise<object> {
    if ("data" in args) {
      const { model, data } = args as Create;
      return { ...args, data: (await decided(work, model, data)).data };
    }
    if (!("log" in args)) return args;
    const log: ConvexGateStep[] = [];
    for (const step of args.log as ConvexGateStep[]) log.push(await withDecision(work, step));
    return { ...args, log };
  }

  async function withDecision(
    work: Work,
    { prepared, ...step }: ConvexGateStep,
  ): Promise<ConvexGateStep> {
    if (!("create" in step.operation)) return step;
    const { create } = step.operation;
    const { data, reads } = await decided(work, create.model, prepared?.given ?? create.data);
    if (!prepared) return { ...step, operation: { create: { ...create, data } } };
    // What was told before is what stands, if it rests on the same.
    if (reads === prepared.reads) return step;
    throw new ConvexError({
      code: "CONFLICT",
      message: `what the trigger \`beforeCreate\` of \`${create.model}\` has read was changed meanwhile`,
    });
  }

  /** A new row as `beforeCreate` wants it, and what that rests on. */
  async function decided(work: Work, table: string, data: Row): Promise<Preparation> {
    const place = work.tables.find((each) => each.table === table);
    const model = place === undefined ? undefined : triggers[place.model];
    if (!place || !model?.beforeCreate) return { data, reads: "" };
    const ctx = within(work.noted.ctx, work.rows, rowName(table, data));
    const fields = await refusing(() => model.beforeCreate?.(ctx, { doc: shown(place, data) }));
    if (fields === false) throw notCreated(place.model);
    return {
      data: isRecord(fields) ? { ...data, ...stored(place, data, fields) } : data,
      reads: await work.noted.digest(),
    };
  }

  async function tell(work: Work, { table, before, doc }: WithChanges<unknown>["changes"][number]) {
    const place = work.tables.find((each) => each.table === table);
    const row = rowName(table, doc ?? before ?? {});
    const model = place && triggers[place.model];
    if (!place || !model || work.rows.includes(row)) return;
    const ctx = within(work.ctx, work.rows, row);
    await refusing(() => {
      if (before && doc)
        return model.updated?.(ctx, { doc: shown(place, doc), before: shown(place, before) });
      if (doc) return model.created?.(ctx, { doc: shown(place, doc) });
      return model.deleted?.(ctx, { doc: shown(place, before ?? {}) });
    });
  }
}

function hasAfter<D extends GenericDataModel>(model: ModelTriggers<D> | undefined): boolean {
  return (
    model?.created !== undefined || model?.updated !== undefined || model?.deleted !== undefined
  );
}

function rowName(table: string, row: Row): string {
  return `${table}:${String(row["id"] ?? row["_id"])}`;
}

function isRecord(value: unknown): value is Row {
  return typeof value === "object" && value !== null;
}
