/** A Convex client whose queries keep their last result while it is not known what a refusal means. */
import type { ConvexReactClient, Watch } from "convex/react";
import { getFunctionName } from "convex/server";
import { convexToJson } from "convex/values";
import type { Value } from "convex/values";
import type { Doubt } from "../client/doubt.js";
import { isRefusal } from "../client/refusal.js";

/** What is remembered of a query while somebody is subscribed to it. */
interface Remembered {
  subscribers: number;
  result: unknown;
  /** It was refused, and the server has said what became of the session since. */
  isSettled: boolean;
}

/** The same client but for its queries: what they were refused is not told while there is a doubt. */
export function patientClient(client: ConvexReactClient, doubt: Doubt): ConvexReactClient {
  // Hooks make a watch for every look that they take.
  const queries = new Map<string, Remembered>();
  const watchQuery: ConvexReactClient["watchQuery"] = (query, ...rest) => {
    const args = convexToJson((rest[0] ?? {}) as Value);
    const key = `${getFunctionName(query)} ${JSON.stringify(args)}`;
    return patientWatch(client.watchQuery(query, ...rest), key, queries, doubt);
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === "watchQuery") return watchQuery;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

function patientWatch<T>(
  watch: Watch<T>,
  key: string,
  queries: Map<string, Remembered>,
  doubt: Doubt,
): Watch<T> {
  return {
    ...watch,
    onUpdate(callback) {
      const known = queries.get(key) ?? { subscribers: 0, result: undefined, isSettled: false };
      queries.set(key, known);
      known.subscribers += 1;
      const stops = [
        watch.onUpdate(callback),
        doubt.subscribe(() => {
          known.isSettled = true;
          callback();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
        known.subscribers -= 1;
        if (known.subscribers === 0) queries.delete(key);
      };
    },
    localQueryResult() {
      const known = queries.get(key);
      try {
        const result = watch.localQueryResult();
        if (known) Object.assign(known, { result, isSettled: false });
        return result;
      } catch (error) {
        if (!isRefusal(error) || (known?.isSettled && !doubt.is())) throw error;
        doubt.raise();
        return known?.result as T | undefined;
      }
    },
  };
}
