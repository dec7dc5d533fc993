/** References to the component's own functions, for calls within the component. */
import type { AnyApi } from "convex/server";
import { anyApi } from "convex/server";

export const api: AnyApi = anyApi;
export const internal: AnyApi = anyApi;
