/** A Convex client whose queries keep their last result while it is not known what a refusal means. */
import type { ConvexReactClient, Watch } from "convex/react";
import type { Doubt } from "../client/doubt.js";
import { isRefusal } from "./refusal.js";

/** The same client but for its queries: what they were refused is not told while there is a doubt. */
export function patientClient(client: ConvexReactClient, doubt: Doubt): ConvexReactClient {
  const watchQuery: ConvexReactClient["watchQuery"] = (query, ...rest) =>
    patientWatch(client.watchQuery(query, ...rest), doubt);
  return new Proxy(client, {
    get(target, key) {
      if (key === "watchQuery") return watchQuery;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

function patientWatch<T>(watch: Watch<T>, doubt: Doubt): Watch<T> {
  let last: T | undefined;
  // Refused again after the answer to the last doubt: then it is so.
  let isSettled = false;
  return {
    ...watch,
    onUpdate(callback) {
      const stops = [
        watch.onUpdate(callback),
        doubt.subscribe(() => {
          isSettled = true;
          callback();
        }),
      ];
      return () => stops.forEach((stop) => stop());
    },
    localQueryResult() {
      try {
        last = watch.localQueryResult();
        isSettled = false;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (!doubt.is() && isSettled) throw error;
        doubt.raise();
      }
      return last;
    },
  };
}
