import type { ConvexGateStore } from "../../js/adapter/index.js";

/** A store in which rows may refer to nothing: for tests whose rows are about other things than whose they are. */
export function withoutReferences(store: ConvexGateStore): ConvexGateStore {
  return {
    ...store,
    run(method, args) {
      // Deletions go on to what refers to a row.
      if (!("data" in args || "update" in args) || !args.rules) return store.run(method, args);
      const { references: _references, ...rules } = args.rules;
      return store.run(method, { ...args, rules });
    },
  };
}
