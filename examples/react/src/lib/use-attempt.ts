import { ConvexError } from "convex/values";
import { useCallback, useRef, useState } from "react";

/** What a call of the auth client gives. */
export interface Outcome<Data> {
  data: Data | null;
  error: { message?: string | undefined; code?: string | undefined } | null;
}

/** Calls of the auth client: whether one is under way, and what to tell the user when it failed. */
export interface Attempt {
  readonly busy: boolean;
  readonly problem: string;
  /** Better Auth's code of the problem, such as `INVALID_PASSWORD`; empty where the server did not answer. */
  readonly code: string;
  /** Gives what the server answered, or null when it refused or did not answer. One call at a time: others are ignored. */
  readonly run: <Data>(call: () => Promise<Outcome<Data>>) => Promise<Data | null>;
}

const NO_PROBLEM = { problem: "", code: "" };

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(NO_PROBLEM);
  const isRunning = useRef(false);
  const run = useCallback(async <Data>(call: () => Promise<Outcome<Data>>) => {
    if (isRunning.current) return null;
    isRunning.current = true;
    setBusy(true);
    setFailure(NO_PROBLEM);
    try {
      const { data, error } = await call();
      if (error) {
        const problem = error.message || "The server refused that. Please try again.";
        setFailure({ problem, code: error.code ?? "" });
      }
      return data;
    } catch (error) {
      const isRefusal = error instanceof ConvexError && typeof error.data === "string";
      const problem = isRefusal ? error.data : "The server did not answer. Please try again.";
      setFailure({ problem, code: "" });
      return null;
    } finally {
      isRunning.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, ...failure, run };
}

/** A Convex mutation as a call of the auth client. */
export async function answered(work: Promise<unknown>): Promise<Outcome<true>> {
  await work;
  return { data: true, error: null };
}
