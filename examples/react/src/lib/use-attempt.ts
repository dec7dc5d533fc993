import { useCallback, useState } from "react";

/** What a call of the auth client gives. */
interface Outcome<Data> {
  data: Data | null;
  error: { message?: string | undefined } | null;
}

/** Calls of the auth client: whether one is under way, and what to tell the user when it failed. */
export interface Attempt {
  readonly busy: boolean;
  readonly problem: string;
  /** Gives what the server answered, or null when it refused or did not answer. */
  readonly run: <Data>(call: () => Promise<Outcome<Data>>) => Promise<Data | null>;
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = useCallback(async <Data>(call: () => Promise<Outcome<Data>>) => {
    setBusy(true);
    setProblem("");
    try {
      const { data, error } = await call();
      if (error) setProblem(error.message || "The server refused that. Please try again.");
      return data;
    } catch {
      setProblem("The server did not answer. Please try again.");
      return null;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, problem, run };
}
