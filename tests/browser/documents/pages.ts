/** What a page of the documentation asks its reader to do, in order. */
import { blocksOf } from "../../docs/support/blocks.js";

export { repository } from "../../docs/support/blocks.js";

/** One block of code. */
export type Step =
  | { readonly kind: "commands"; readonly lines: readonly string[] }
  /** A file that is written whole, or goes on with what is written `atEnd`. */
  | {
      readonly kind: "file";
      readonly path: string;
      readonly code: string;
      readonly atEnd: boolean;
    };

/** The blocks of a page, of all its sections or of one. Code that is not of a file, whole or at its end, is an error. */
export function stepsOf(page: string, section?: string): Step[] {
  return blocksOf(page, section).flatMap(({ language, code, file, part, line }): Step[] => {
    if (language === "sh") return [{ kind: "commands", lines: code.trim().split("\n") }];
    if (!/^tsx?$/.test(language)) return [];
    if (file === undefined || (part !== "whole" && part !== "at its end"))
      throw new Error(`${page}:${String(line)} is no whole file:\n${code}`);
    return [{ kind: "file", path: file, code, atEnd: part === "at its end" }];
  });
}
