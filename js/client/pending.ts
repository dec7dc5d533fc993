/** Something that is under way. */
export interface Pending {
  /** Settles at its end. Never rejects. */
  readonly promise: Promise<void>;
  readonly end: () => void;
}

/** Begins it. */
export function startPending(): Pending {
  let end = (): void => undefined;
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { promise, end };
}
