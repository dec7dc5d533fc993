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
  /** SHA-256 of all results so far, in the order in which they came. */
  digest(): Promise<string>;
}

const writing: ReadonlySet<string | symbol> = new Set(["insert", "patch", "replace", "delete"]);

/** Notes what is read by `db` and `runQuery`, up to the first write: what follows it may be the trigger's own. */
export function notingReads<DataModel extends GenericDataModel>(
  ctx: GenericMutationCtx<DataModel>,
): NotedReads<DataModel> {
  const results: string[] = [];
  let open = true;
  const note = <T>(value: T): T => {
    if (open) results.push(value === undefined ? "" : JSON.stringify(convexToJson(value as never)));
    return value;
  };

  /** The object with its methods' results noted, those of the queries that it makes too. */
  function noted<T extends object>(target: T): T {
    return new Proxy(target, {
      get(of, key) {
        const member = Reflect.get(of, key) as unknown;
        if (typeof member !== "function") return member;
        if (writing.has(key)) open = false;
        return (...args: unknown[]) => passed(Reflect.apply(member, of, args) as unknown, key);
      },
    });
  }

  function passed(result: unknown, key: string | symbol): unknown {
    if (result instanceof Promise) return result.then(note);
    if (typeof result !== "object" || result === null) return result;
    return key === Symbol.asyncIterator
      ? iterated(result as AsyncIterator<unknown>)
      : noted(result);
  }

  function iterated(rows: AsyncIterator<unknown>): AsyncIterator<unknown> {
    return {
      async next() {
        const next = await rows.next();
        note(next.done === true ? undefined : next.value);
        return next;
      },
      return: async (value) => (await rows.return?.(value)) ?? { done: true, value },
    };
  }

  return {
    ctx: {
      ...ctx,
      db: noted(ctx.db),
      runQuery: (reference, ...args) => ctx.runQuery(reference, ...args).then(note),
      runMutation: (reference, ...args) => {
        open = false;
        return ctx.runMutation(reference, ...args);
      },
    },
    async digest() {
      const text = new TextEncoder().encode(results.join("\n"));
      const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
  };
}
