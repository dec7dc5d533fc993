/** Reads that tell a little more than they are asked. */
import type {
  ConvexGateArguments,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateStore,
} from "../store.js";
import type { Knowledge } from "./knowledge.js";

/** True for the methods that change nothing. */
export function isRead(method: string): method is "findOne" | "findMany" | "count" {
  return method === "findOne" || method === "findMany" || method === "count";
}

/**
 * Runs a read and takes in what it gives. Of a list whose first row is wanted the second is read as well: mostly there is
 * none, and then all rows of the filter are known. Better Auth (1.7) looks for the newest code of an address so, and then
 * deletes the older ones.
 */
export async function reading<M extends ConvexGateMethod>(
  store: Pick<ConvexGateStore, "run">,
  knowledge: Pick<Knowledge, "learn">,
  method: M,
  args: ConvexGateArguments[M],
): Promise<ConvexGateResults[M]> {
  if (!isNewest(method, args)) {
    const result = await store.run(method, args);
    knowledge.learn(method, args, result);
    return result;
  }
  const wider = { ...args, limit: 2 };
  const result = (await store.run(method, wider)) as unknown[];
  knowledge.learn(method, wider, result as never);
  return result.slice(0, 1) as unknown as ConvexGateResults[M];
}

function isNewest<M extends ConvexGateMethod>(method: M, args: ConvexGateArguments[M]): boolean {
  if (method !== "findMany") return false;
  const { limit, offset = 0, sortBy, select, join } = args as ConvexGateArguments["findMany"];
  return limit === 1 && offset === 0 && sortBy !== undefined && !select && !join;
}
