/**
 * What a trigger reads. `beforeCreate` is asked in one transaction what a new row will be, and the row is written in a later
 * one. What it gives may be a time or drawn by lot, and then cannot come out again; but it must not rest on what is no
 * longer so. So what it reads is what has to be the same.
 */
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { convexToJson } from "convex/values";

/** A ctx whose reads are noted. */
export interface NotedReads<DataModel extends GenericDataModel> {
  readonly ctx: GenericMutationCtx<DataModel>;
  /** SHA-256 of the results since the last digest, in the order in which they were asked for. */
  digest(): Promise<string>;
}

const writing: ReadonlySet<string | symbol> = new Set(["insert", "patch", "replace", "delete"]);

/**
 * Notes what is read by `db`, its `system` included, and by `runQuery`. A row that triggers of the same transaction have
 * written, or a function that they have scheduled, is noted without its fields, which may be a time or drawn by lot like
 * what they give. What `runQuery` gives after a write cannot be told
 * apart like this, and after `runMutation` nothing can: then it is not noted.
 */
export function notingReads<DataModel extends GenericDataModel>(
  ctx: GenericMutationCtx<DataModel>,
): NotedReads<DataModel> {
  let results: string[] = [];
  const own = new Set<unknown>();
  const scheduled = new Set<unknown>();
  let isUnknown = false;

  /** Notes a result in the place that its question has among the others. */
  async function noting<T>(reading: Promise<T>): Promise<T> {
    if (isUnknown) return reading;
    const noted = results;
    const place = noted.push("") - 1;
    const value = await reading;
    noted[place] = textOf(value);
    return value;
  }

  function textOf(value: unknown): string {
    if (value === undefined) return "";
    return JSON.stringify(convexToJson(value as never), (field, part: unknown) => {
      const isOwn = typeof part === "object" && part !== null && "_id" in part && isOurs(part._id);
      // A cursor names the row at which it stands, which may be one of these.
      const isCursor = field === "continueCursor" && own.size + scheduled.size > 0;
      return isOwn || isCursor ? "own" : part;
    });
  }

  const isOurs = (id: unknown): boolean => own.has(id) || scheduled.has(id);

  /** The object with its methods' results noted, those of its parts and of the queries that it makes too. */
  function noted<T extends object>(target: T): T {
    return new Proxy(target, {
      get(of, key) {
        const member = Reflect.get(of, key) as unknown;
        if (typeof member === "object" && member !== null) return noted(member);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          const result = Reflect.apply(member, of, args) as unknown;
          return writing.has(key) ? written(result, args) : passed(result, key);
        };
      },
    });
  }

  /** Remembers the row: an insertion gives its id, and the others are given it, some with the table before it. */
  async function written(result: unknown, args: readonly unknown[]): Promise<unknown> {
    for (const arg of args) own.add(arg);
    const id = await result;
    if (id !== undefined) own.add(id);
    return id;
  }

  /** Remembers what is scheduled or cancelled, whose rows `db.system` gives. */
  function remembering<T extends object>(scheduler: T): T {
    return new Proxy(scheduler, {
      get(of, key) {
        const member = Reflect.get(of, key) as unknown;
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          const id = (await Reflect.apply(member, of, args)) as unknown;
          // A cancellation gives nothing, and is given the id.
          scheduled.add(id ?? args[0]);
          return id;
        };
      },
    });
  }

  function passed(result: unknown, key: string | symbol): unknown {
    if (result instanceof Promise) return noting(result);
    if (typeof result !== "object" || result === null) return result;
    return key === Symbol.asyncIterator
      ? iterated(result as AsyncIterator<unknown>)
      : noted(result);
  }

  function iterated(rows: AsyncIterator<unknown>): AsyncIterator<unknown> {
    return {
      async next() {
        const next = rows.next();
        await noting(next.then(({ done, value }): unknown => (done === true ? undefined : value)));
        return next;
      },
      return: async (value) => (await rows.return?.(value)) ?? { done: true, value },
    };
  }

  return {
    ctx: {
      ...ctx,
      db: noted(ctx.db),
      scheduler: remembering(ctx.scheduler),
      runQuery: (reference, ...args) => {
        const result = ctx.runQuery(reference, ...args);
        return own.size > 0 ? result : noting(result);
      },
      runMutation: (reference, ...args) => {
        isUnknown = true;
        return ctx.runMutation(reference, ...args);
      },
    },
    async digest() {
      const text = new TextEncoder().encode(results.join("\n"));
      results = [];
      const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
  };
}
