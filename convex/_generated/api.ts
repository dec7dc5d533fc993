/** References to the component's own functions, for calls within the component. */
import type { FunctionReference } from "convex/server";
import { anyApi } from "convex/server";

/** The functions that only the component itself can call. */
export const internal: Internal = anyApi as unknown as Internal;

interface Step {
  operation: unknown;
  expect?: unknown;
}

interface Internal {
  gate: {
    replay: FunctionReference<"mutation", "internal", { log: Step[]; keep: boolean }, unknown>;
  };
  transactions: {
    rehearse: FunctionReference<"mutation", "internal", { log: Step[] }, null>;
  };
}
