/** The component inside `convex-test`, reached as an app's HTTP action reaches it. */
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import type { DefaultFunctionArgs, FunctionReference } from "convex/server";
import { componentsGeneric, defineSchema, getFunctionAddress } from "convex/server";
import type { Value } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createComponentStore } from "../../js/adapter/index.js";
import type { ConvexGateStore, StoreCtx } from "../../js/adapter/index.js";
import { register } from "../../js/test/index.js";
import { checkArguments, checkResult } from "../host/limits.js";
import { makeOptimistic } from "../host/optimistic.js";
import type { Concurrency } from "../host/optimistic.js";
import { createOverloads } from "../host/overload.js";
import type { Overloads } from "../host/overload.js";
import { notingDrops } from "./dropped-contexts.js";
import { countDocumentsRead, documentsRead } from "./counted-reads.js";

type AnyReference = FunctionReference<"query" | "mutation", "internal">;

/** An app with nothing but the auth component in it. */
export interface ComponentHarness {
  t: TestConvex<ReturnType<typeof defineSchema>>;
  component: ComponentApi;
  /** The kind of every component call so far. */
  calls: string[];
  /** Every component call so far as `module:name documents-read`, as the budgets of the local host are written. */
  costs: string[];
  /** Fakes of a backend that has too much to do. */
  overloads: Overloads;
  /** What became of mutations. */
  concurrency: () => Promise<Concurrency>;
  /** Functions, as `module:name`, whose errors would cost a real backend a warm context. */
  dropped: string[];
  /** A store as an HTTP action has it. */
  store: () => ConvexGateStore;
  /** A store as a mutation has it: what it is asked for is done in one transaction. */
  mutationStore: () => ConvexGateStore;
  /** A store as a query has it. */
  readOnlyStore: () => ConvexGateStore;
}

// convex-test finds the root of an app by a file of its generated code; this app has no functions of its own.
const appModules = { "./_generated/api.ts": () => Promise.resolve({}) };

/** How a harness differs from others. */
export interface HarnessOptions {
  /** Whether mutations run at once, conflict and are run again, as on Convex. @default false */
  readonly concurrent?: boolean;
}

/** Installs the component into a fresh `convex-test` app. */
export function createComponentHarness({
  concurrent = false,
}: HarnessOptions = {}): ComponentHarness {
  const t = convexTest({ schema: defineSchema({}), modules: appModules, transactionLimits: true });
  const dropped: string[] = [];
  register(notingDrops(t, dropped));
  const component = componentsGeneric()["betterAuth"] as unknown as ComponentApi;
  countDocumentsRead();
  const calls: string[] = [];
  const costs: string[] = [];
  const overloads = createOverloads();
  const concurrency = concurrent ? makeOptimistic((handler) => t.run(handler)) : undefined;
  const ctx: StoreCtx = {
    runQuery: (reference, args) => {
      calls.push("query");
      return counted(reference, args, () => t.action((action) => action.runQuery(reference, args)));
    },
    runMutation: (reference, args) => {
      calls.push("mutation");
      return counted(reference, args, async () => {
        const started = (): Promise<unknown> =>
          t.action((action) => action.runMutation(reference, args));
        const optimistic = await concurrency;
        return optimistic ? optimistic.run(nameOf(reference), started) : started();
      });
    },
  };

  const action: StoreCtx = { ...ctx, runAction: true };

  /** As Convex, a call refuses arguments and results that are too large. */
  async function counted<T>(
    reference: AnyReference,
    args: DefaultFunctionArgs,
    run: () => Promise<T>,
  ): Promise<T> {
    const name = nameOf(reference);
    const position = costs.push("") - 1;
    const before = documentsRead();
    try {
      overloads.check(name);
      checkArguments(name, args as Value);
      const result = await run();
      checkResult(name, result as never);
      return result;
    } finally {
      costs[position] = `${name} ${String(documentsRead() - before)}`;
    }
  }

  return {
    t,
    component,
    calls,
    costs,
    overloads,
    concurrency: async () => {
      if (!concurrency) throw new Error("the mutations of this harness take turns");
      return concurrency;
    },
    dropped,
    store: () => createComponentStore(component, action),
    mutationStore: () => createComponentStore(component, ctx),
    readOnlyStore: () => createComponentStore(component, { runQuery: ctx.runQuery }),
  };
}

/** `module:name` of a component's function. */
function nameOf(reference: AnyReference): string {
  const { reference: path = "" } = getFunctionAddress(reference) as { reference?: string };
  return path.split("/").slice(-2).join(":");
}
