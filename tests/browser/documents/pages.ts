/** What a page of the documentation asks its reader to do, in order. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

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

/** The blocks of a page, of all its sections or of one. TypeScript without a file's name is an error. */
export async function stepsOf(page: string, section?: string): Promise<Step[]> {
  const text = await readFile(join(repository, page), "utf8");
  const sections = text.split(/^(?=## )/m);
  const chosen =
    section === undefined ? [text] : sections.filter((each) => each.startsWith(`## ${section}\n`));
  if (chosen.length !== 1)
    throw new Error(`${page} has ${String(chosen.length)} sections "${String(section)}"`);
  return [...chosen[0]!.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(
    ([, language = "", code = ""]): Step[] => {
      if (language === "sh") return [{ kind: "commands", lines: code.trim().split("\n") }];
      if (!/^tsx?$/.test(language)) return [];
      const named = /^\/\/ ([\w./$[\]+-]+\.tsx?)(?:, (.*))?\n/.exec(code);
      if (!named) throw new Error(`${page}: a block names no file:\n${code}`);
      return [{ kind: "file", path: named[1]!, code, atEnd: named[2] === "at its end" }];
    },
  );
}
