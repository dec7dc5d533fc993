/** The local host: bundle an app with the real CLI and run it. */
export { backendBinary, startBackend } from "./backend.js";
export type { Backend, BackendOptions } from "./backend.js";
export { asHost } from "./on-backend.js";
export { startHost } from "./host.js";
export type { Host, HostOptions } from "./host.js";
export type { CallRecord, HostMetrics } from "./metrics.js";
export { makeOptimistic } from "./optimistic.js";
export type { Concurrency, ConcurrencyCounts } from "./optimistic.js";
export type { Overload, Overloads } from "./overload.js";
export { bundleCopy, bundleOnce } from "./kept-push.js";
export { bundleApp, parsePushRequest } from "./push-request.js";
export type { PushRequest } from "./push-request.js";
