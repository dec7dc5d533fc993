/** What a push finds in the app and its components: for each function a stand-in that runs the bundle's in a fresh context. */
import { convexToJson, jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import { actionsFetch } from "./actions-fetch.js";
import { createRuntimeContext } from "./context.js";
import type { Cron } from "./crons.js";
import { readCrons } from "./crons.js";
import { checkArguments, checkResult } from "./limits.js";
import type { FunctionKind } from "./metrics.js";
import type { ModuleSet } from "./modules.js";
import { checkNodeFunction, evaluateInNode, isForNode, runInNode } from "./node-actions.js";
import type { ExportedFunction, FunctionHome, RuntimeOptions } from "./runtime.js";
import { openInvocation } from "./runtime.js";
import type { CallGate, TestCtx } from "./syscalls.js";
import { delegatedSyscalls, endable, ofThisRealm } from "./syscalls.js";
import { checkValue } from "./validators.js";
import type { ValidatorJson } from "./validators.js";

/** A module as convex-test sees it. */
export type StandInModule = Record<string, unknown>;

/** What a push finds in the app or a component. */
export interface Analysis {
  modules: Map<string, StandInModule>;
  crons: Cron[];
}

/** Evaluates every entry once, as the push's analysis does, and makes a stand-in for each function found. */
export async function analyse(
  home: FunctionHome,
  options: RuntimeOptions,
  gate: CallGate,
): Promise<Analysis> {
  const modules = new Map<string, StandInModule>();
  const crons: Cron[] = [];
  const where = home.component === "" ? "the app" : `component ${home.component}`;
  for (const path of entryPaths(home.modules)) {
    checkPath(path, where);
    const namespace = await analysed(home, path);
    const module = path.replace(/\.js$/, "");
    const standIns: StandInModule = {};
    for (const name of Object.keys(namespace)) {
      const exported = namespace[name];
      if (!isExportedFunction(exported)) continue;
      if (isForNode(home, path)) checkNodeFunction(path, name, exported);
      standIns[name] = standIn(home, module, name, exported, options, gate);
    }
    modules.set(module, standIns);
    if (path === "crons.js") crons.push(...readCrons(home.component, namespace["default"]));
  }
  return { modules, crons };
}

async function analysed(home: FunctionHome, path: string): Promise<Record<string, unknown>> {
  if (isForNode(home, path)) {
    const refused = (): never => {
      throw new Error("Convex functions cannot be called while modules are imported");
    };
    const syscalls = { syscall: refused, asyncSyscall: refused, jsSyscall: refused };
    return (await evaluateInNode(home, path, { syscalls })).namespace;
  }
  const runtime = createRuntimeContext({
    kind: "analysis",
    env: home.env,
    callTime: 0,
    onClockRead: () => undefined,
    log: () => undefined,
  });
  const { namespace } = await home.modules.evaluate(path, runtime.context, {
    // Compiled as it will run; while it is analysed nothing can be imported anyway.
    dynamicImports: path === "http.js",
  });
  return namespace;
}

function entryPaths(modules: ModuleSet): string[] {
  const others = ["auth.config.js", "schema.js"];
  return modules.paths().filter((path) => !path.startsWith("_deps/") && !others.includes(path));
}

/** A push refuses module paths with other characters; a hyphen is the usual one. */
function checkPath(path: string, where: string): void {
  for (const segment of path.split("/")) {
    const fault =
      segment.length > 64
        ? `Path component is too long (${String(segment.length)} > maximum 64): ${segment.slice(0, 64)}...`
        : /^[A-Za-z0-9_.]+$/.test(segment)
          ? undefined
          : `Path component ${segment} can only contain alphanumeric characters, underscores, or periods.`;
    if (fault !== undefined) {
      throw new Error(`${path} is not a valid path to a Convex module. ${fault} (${where})`);
    }
  }
}

function isExportedFunction(value: unknown): value is ExportedFunction {
  return typeof value === "function" && "exportArgs" in value;
}

/** What an exported function is. */
export function kindOf(exported: ExportedFunction): FunctionKind {
  if (exported.isQuery === true) return "query";
  return exported.isMutation === true ? "mutation" : "action";
}

function standIn(
  home: FunctionHome,
  module: string,
  name: string,
  analysed: ExportedFunction,
  options: RuntimeOptions,
  gate: CallGate,
): unknown {
  const kind = kindOf(analysed);
  const args = JSON.parse(analysed.exportArgs()) as ValidatorJson;
  const returns = JSON.parse(analysed.exportReturns()) as ValidatorJson | null;
  const path = `${module}.js:${name}`;
  const handler = async (ctx: TestCtx, callArgs: Value): Promise<unknown> => {
    checkArguments(path, callArgs);
    checkValue("Argument", args, callArgs);
    let over = false;
    const { syscalls, end } = endable(delegatedSyscalls(ctx, gate));
    const fetched = actionsFetch(options.fetch ?? fetch, () => over);
    if (isForNode(home, `${module}.js`)) {
      try {
        const text = JSON.stringify(convexToJson([callArgs]));
        const shared = { ...options, syscalls, fetch: fetched };
        return jsonToConvex(
          JSON.parse(await runInNode(home, { module, name }, text, shared)) as never,
        );
      } catch (error) {
        throw ofThisRealm(error);
      } finally {
        over = true;
        end();
      }
    }
    const invocation = await openInvocation(
      { ...options, fetch: fetched },
      home,
      { module, name, kind },
      syscalls,
    );
    try {
      const exported = invocation.namespace[name] as ExportedFunction;
      const text = JSON.stringify(convexToJson([callArgs]));
      const result = jsonToConvex(
        JSON.parse(await invocation.run(() => invoke(exported, kind, text))) as never,
      );
      checkResult(path, result);
      checkValue("Returns", returns, result);
      return result;
    } catch (error) {
      invocation.failed();
      throw ofThisRealm(error);
    } finally {
      over = true;
      end();
      invocation.dispose();
    }
  };
  return Object.assign(() => undefined, {
    isQuery: analysed.isQuery,
    isMutation: analysed.isMutation,
    isAction: analysed.isAction,
    isPublic: analysed.isPublic,
    isInternal: analysed.isInternal,
    // convex-test has words of its own, and looks at a result when it has committed.
    exportArgs: () => JSON.stringify({ type: "any" }),
    exportReturns: () => "null",
    _handler: handler,
  });
}

function invoke(exported: ExportedFunction, kind: FunctionKind, args: string): Promise<string> {
  switch (kind) {
    case "query":
      return exported.invokeQuery(args);
    case "mutation":
      return exported.invokeMutation(args);
    default:
      return exported.invokeAction("", args);
  }
}
