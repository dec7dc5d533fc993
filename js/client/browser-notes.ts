/** Small notes that the tabs of a browser share. Where there is no `localStorage`, nothing is kept and nothing fails. */

const PREFIX = "convex-gate.";

/** The note of this name, or null. */
export function readNote(name: string): string | null {
  try {
    return globalThis.localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a note; null removes it. */
export function writeNote(name: string, value: string | null): void {
  try {
    if (value === null) globalThis.localStorage.removeItem(PREFIX + name);
    else globalThis.localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage that is full or forbidden: the notes only save time.
  }
}
