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
 * Runs a read and takes in what it gives. Of a list of codes whose newest is wanted the second is read as well: mostly there
 * is none, and then all of them are known. Better Auth (1.7) consumes a code so that older ones go with it.
 */
export async function reading<M extends ConvexGateMethod>(
  store: Pick<ConvexGateStore, "run">,
  knowledge: Pick<Knowledge, "learn">,
  method: M,
  args: ConvexGateArguments[M],
): Promise<ConvexGateResults[M]> {
  if (!isNewestCode(method, args)) {
    const result = await store.run(method, args);
    knowledge.learn(method, args, result);
    return result;
  }
  const wider = { ...args, limit: 2 };
  const rows = await store.run("findMany", wider);
  knowledge.learn("findMany", wider, rows);
  return rows.slice(0, 1) as ConvexGateResults[M];
}

function isNewestCode<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
): args is ConvexGateArguments["findMany"] & ConvexGateArguments[M] {
  if (method !== "findMany") return false;
  const list: ConvexGateArguments["findMany"] = args;
  const { where = [], limit, offset, sortBy, select, join } = list;
  const [clause, ...others] = where;
  const isOfCodes = clause?.field === "identifier" && others.length === 0;
  return isOfCodes && limit === 1 && !offset && sortBy !== undefined && !select && !join;
}
