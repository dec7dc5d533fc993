/** What is wrong with a block of code of a page. */
import type { Block } from "./blocks.js";

/** Something that a compiler refuses. */
export interface CompileError {
  readonly block: Block;
  /** Where and what, for people. */
  readonly text: string;
}
