import { posix } from "node:path";
import type { Patch } from "./patches/edit.js";

/** A file as it should be. */
export interface WantedFile {
  /** From the app's folder. */
  readonly path: string;
  /** Its text where it is not there yet; undefined for a file of the framework's, which must be. */
  readonly text?: string;
  /** What a file has that is as it should be, whoever wrote it; not needed where a patch can tell. */
  readonly mark?: RegExp;
  /** Adds what is missing to a file that is there. */
  readonly patch?: Patch;
  /** What to add by hand where it cannot be patched. */
  readonly lines: string;
  /** Whether the lines can be in a file of another name as well. */
  readonly isRenamable?: boolean;
  /** What of the app would collide with it, which leaves it to be done by hand: `x.tsx, which answers there`. */
  readonly inPlaceOf?: string | undefined;
  /** What it takes from other files, before this in the list, and fails without. */
  readonly needs?: readonly Need[];
}

/** A name that a file exports. */
export interface Need {
  readonly path: string;
  readonly name: string;
}

/** How a file imports another of the app: `../convex/_generated/api`. */
export function specifier(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.tsx?$/, "");
  return path.startsWith(".") ? path : `./${path}`;
}
