/** What an app's HTTP module weighs: the source that a request evaluates, and the heap that evaluation leaves behind. */
import { setFlagsFromString } from "node:v8";
import * as vm from "node:vm";
import { createRuntimeContext } from "../../host/context.js";
import type { PushRequest } from "../../host/index.js";
import { createModuleSet } from "../../host/modules.js";

/** Bytes, all of them. */
export interface Footprint {
  /** Source that a request evaluates. */
  evaluated: number;
  /** Heap of a fresh context after its HTTP module was evaluated, less that of an empty one. */
  heap: number;
  /** Source of everything that is pushed, the component included. */
  pushed: number;
}

/** Measures the app of a push request. */
export async function footprintOf(request: PushRequest): Promise<Footprint> {
  setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  const modules = createModuleSet(request.appDefinition.changedModules);
  const context = (): vm.Context =>
    createRuntimeContext({
      kind: "httpAction",
      env: () => undefined,
      callTime: 0,
      onClockRead: () => undefined,
      log: () => undefined,
    }).context;
  const used = async (): Promise<number> => {
    // What earlier apps left goes in several rounds.
    for (let round = 0; round < 5; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return process.memoryUsage().heapUsed;
  };
  // What the app's HTTP module loads for a request of Better Auth's. Compiled code is shared by all contexts and is there
  // after the first.
  await modules.evaluate("auth.js", context(), { dynamicImports: true });
  const empty = context();
  const before = await used();
  const { bytes, namespace } = await modules.evaluate("auth.js", empty, { dynamicImports: true });
  const heap = (await used()) - before;
  if (Object.keys(namespace).length === 0) throw new Error("the app's auth module exports nothing");
  const all = [
    ...request.appDefinition.changedModules,
    ...request.componentDefinitions.flatMap(({ functions }) => functions),
  ];
  const pushed = all.reduce((sum, { source }) => sum + Buffer.byteLength(source), 0);
  return { evaluated: bytes, heap, pushed };
}
