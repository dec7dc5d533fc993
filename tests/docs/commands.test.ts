/** What the pages tell to type is there: commands of this package with their options; and their JSON is JSON. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { blocksOf, pages, repository, textOf } from "./support/blocks.js";

const program = join(repository, "dist/js/cli/main.js");
const help = new Map<string, Promise<string>>();

/** What a command says of itself; that of the program where there is no such command. */
function helpOf(command: string): Promise<string> {
  const words = command === "" ? [] : command.split(" ");
  const known =
    help.get(command) ??
    promisify(execFile)(process.execPath, [program, ...words, "--help"]).then(
      ({ stdout }) => stdout,
    );
  help.set(command, known);
  return known;
}

it("knows each command that a page names, with its options", async () => {
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/npx convex-gate((?: [a-z]+)*)([^`#\n]*)/g)].map(
      ([line, command = "", rest = ""]) => ({
        at: `${page}: ${line.trim()}`,
        command: command.trim(),
        options: rest.match(/--[\w-]+/g) ?? [],
      }),
    ),
  );
  const wrong: string[] = [];
  for (const { at, command, options } of named) {
    const text = await helpOf(command);
    const isKnown = text.startsWith(`Usage: ${`convex-gate ${command}`.trim()} `);
    if (!isKnown || options.some((option) => !new RegExp(`${option}\\b`).test(text)))
      wrong.push(at);
  }
  expect(wrong).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

it("has JSON that can be read", () => {
  for (const { language, code, page, line } of pages.flatMap((page) => blocksOf(page)))
    if (language === "json")
      // The first line may name the file, as in every other block.
      expect(
        () => JSON.parse(code.replace(/^\/\/ .*\n/, "")) as unknown,
        `${page}:${String(line)}`,
      ).not.toThrow();
});
