/**
 * Who made the outermost call and what is known of the request. Everything that is called on its behalf sees the same, in
 * components too; what it schedules does not, though it runs in the same async context.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** The caller of one request. */
export interface Caller {
  /** The attributes that `getUserIdentity` gives, null for nobody, or why it throws. */
  identity: Record<string, unknown> | null | Error;
  /** What `ctx.meta.getRequestMetadata()` gives. */
  metadata: RequestMetadata;
}

/** As Convex tells it. */
export interface RequestMetadata {
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  scheduledFunctionId: null;
  /** The JWT itself. */
  authToken: string | null;
}

interface Call {
  caller: Caller;
  over: boolean;
}

const calls = new AsyncLocalStorage<Call>();

/** Runs the work of one request for its caller. */
export async function callAs<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
  const call: Call = { caller, over: false };
  try {
    return await calls.run(call, work);
  } finally {
    call.over = true;
  }
}

/** The caller of the request that runs; undefined in what was scheduled. */
export function currentCaller(): Caller | undefined {
  const call = calls.getStore();
  return call?.over === false ? call.caller : undefined;
}
