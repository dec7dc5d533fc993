/** What the adapter needs of a store: Better Auth's ten methods in physical names, plus an optional transaction log. */
import type { ConvexGateExpiry } from "./expiring.js";
import type { Prepared, Preparation, TriggerTable } from "./trigger-protocol.js";
import type { RateLimitStore } from "./rate-limit-store.js";
import type { TokenEntry, TokenStore } from "./token-store.js";

/** A stored record: physical field names to strings, numbers, booleans, null or arrays of those. Dates are ms. */
export type ConvexGateStoreRecord = Record<string, unknown>;

/** Order of a list. Records without the field come first when ascending. */
export interface ConvexGateSort {
  field: string;
  direction: "asc" | "desc";
}

/** One clause of a filter; the operators and their null rules are those of Better Auth's SQL adapters (1.7). */
export interface ConvexGateClause {
  field: string;
  value: unknown;
  operator?: string;
  connector?: string;
  mode?: string;
}

/** A joined table: `from` of the base record equals `to` of the joined one; the result is under the key `as`. */
export interface ConvexGateJoin {
  as: string;
  table: string;
  from: string;
  to: string;
  limit: number;
  relation: "one-to-one" | "one-to-many";
}

/** A field of a table that refers to another, and what becomes of the row when the other one goes. */
export interface ConvexGateReference {
  model: string;
  field: string;
  target: string;
  to: string;
  onDelete: string;
}

/**
 * Unique field groups and references of the app's schema, so that a write can be checked where it happens, and the
 * indexes that a table needs and the component's schema does not have. A deletion follows every reference of the schema
 * that leads to what it deletes; in other writes those of the written table must lead to a row.
 */
export interface ConvexGateRules {
  unique?: string[][];
  references?: ConvexGateReference[];
  indexes?: string[][];
  /** Pairs of fields: once the first changes, the cached tokens of the user that the second names end. */
  endsTokens?: string[][];
  /** Of a model whose rows are over after a time: new rows now and then take such rows away. */
  expires?: ConvexGateExpiry;
}

/** The arguments of each method, by method name. */
export interface ConvexGateArguments {
  create: { model: string; data: ConvexGateStoreRecord; rules?: ConvexGateRules };
  findOne: { model: string; where: ConvexGateClause[]; select?: string[]; join?: ConvexGateJoin[] };
  findMany: {
    model: string;
    where?: ConvexGateClause[];
    limit?: number;
    offset?: number;
    sortBy?: ConvexGateSort;
    select?: string[];
    join?: ConvexGateJoin[];
  };
  count: { model: string; where?: ConvexGateClause[] };
  update: {
    model: string;
    where: ConvexGateClause[];
    update: ConvexGateStoreRecord;
    rules?: ConvexGateRules;
  };
  updateMany: ConvexGateArguments["update"];
  delete: { model: string; where: ConvexGateClause[]; rules?: ConvexGateRules };
  deleteMany: ConvexGateArguments["delete"];
  consumeOne: ConvexGateArguments["delete"];
  incrementOne: {
    model: string;
    where: ConvexGateClause[];
    increment: Record<string, number>;
    set?: ConvexGateStoreRecord;
    rules?: ConvexGateRules;
  };
}

/** The result of each method, by method name. */
export interface ConvexGateResults {
  create: ConvexGateStoreRecord;
  findOne: ConvexGateStoreRecord | null;
  findMany: ConvexGateStoreRecord[];
  count: number;
  update: ConvexGateStoreRecord | null;
  updateMany: number;
  delete: null;
  deleteMany: number;
  consumeOne: ConvexGateStoreRecord | null;
  incrementOne: ConvexGateStoreRecord | null;
}

/** The name of one of the ten methods. */
export type ConvexGateMethod = keyof ConvexGateArguments;

/** One operation as data: the method and its arguments, as a transaction's log keeps it. */
export type ConvexGateOperation =
  | { [M in ConvexGateMethod]: { [K in M]: ConvexGateArguments[M] } }[ConvexGateMethod]
  | { storeToken: TokenEntry };

/** One step of a transaction: an operation and, when it was observed, the result it must have again at commit. */
export interface ConvexGateStep {
  operation: ConvexGateOperation;
  expect?: unknown;
  /** Of a new row that a trigger has had a say in. */
  prepared?: Prepared;
}

/** The two uses of a transaction log. A store in a Convex query has none: nothing can be written there. */
export interface ConvexGateLog {
  /** Replays the log and keeps its writes, or throws, as for a conflict or a constraint, and keeps nothing. */
  commit(log: ConvexGateStep[]): Promise<unknown[]>;
  /** Replays the log, gives every step's result and keeps nothing. */
  speculate(log: ConvexGateStep[]): Promise<unknown[]>;
}

/** What an app's schema says of a model beyond its rows, and the id of a row that says something else. */
export interface ConvexGateShape {
  table: "user" | "session";
  /** Every column of the model. */
  columns: string[];
  /** Which of them are hidden, kept as text or named otherwise. */
  shape: string[];
  seen: string;
}

/** Where the adapter keeps its records. `createComponentStore` makes the one over the Convex component. */
export interface ConvexGateStore {
  /** Runs one operation; each is atomic. Throws GateError with a stable code. */
  run<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
  ): Promise<ConvexGateResults[M]>;
  /** True where work of any size is done in pages, each a transaction of its own. */
  readonly paged?: boolean;
  /** Present where several operations can be committed together. */
  readonly log?: ConvexGateLog;
  /** Has rows of users or sessions corrected that are older than the schema. Absent where nothing can be written. */
  declareShape?(declared: ConvexGateShape): Promise<void>;
  /** The app's triggers. Absent where it has none, and where nothing can be written. */
  readonly triggers?: ConvexGateTriggers;
  /** Counts requests in one call. Absent where nothing can be written, and then Better Auth counts by the adapter. */
  readonly rateLimits?: RateLimitStore;
  /** Keys and cached tokens, for the `convex()` plugin. */
  readonly tokens: TokenStore;
}

/** What a transaction and an instance's schema have to do with an app's triggers. */
export interface ConvexGateTriggers {
  /** The models that have triggers. */
  readonly models: readonly string[];
  /** Tells where the models are kept that have triggers. */
  know(tables: TriggerTable[]): void;
  /**
   * What becomes of a new row by the app's `beforeCreate`, after the steps of its transaction so far; undefined where the
   * table has none. Nothing is written.
   */
  prepare(
    args: ConvexGateArguments["create"],
    steps: readonly ConvexGateStep[],
  ): Promise<Preparation> | undefined;
}
