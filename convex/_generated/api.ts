/** References to the component's own functions, for calls within the component. */
import type { FunctionReference } from "convex/server";
import { anyApi } from "convex/server";

/** The functions that only the component itself can call. */
export const internal: Internal = anyApi as unknown as Internal;

interface Internal {
  adapter: {
    rehearse: FunctionReference<
      "mutation",
      "internal",
      { log: { operation: unknown; expect?: unknown }[] },
      null
    >;
  };
}
