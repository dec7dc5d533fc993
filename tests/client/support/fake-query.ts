import { act } from "@testing-library/react";
import { useSyncExternalStore } from "react";

/** What {@link fakeQuery} makes. */
export interface FakeQuery {
  /** Throws what the query failed with. */
  readonly useFakeQuery: () => void;
  readonly fail: (error: unknown) => void;
  readonly subscribers: () => number;
}

/** A subscribed query whose result the test decides. */
export function fakeQuery(): FakeQuery {
  let error: unknown = null;
  const listeners = new Set<() => void>();
  function useFakeQuery(): void {
    const current = useSyncExternalStore(
      (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      () => error,
    );
    if (current !== null) throw current;
  }
  const fail = (next: unknown): void => {
    error = next;
    act(() => listeners.forEach((listener) => listener()));
  };
  return { useFakeQuery, fail, subscribers: () => listeners.size };
}
