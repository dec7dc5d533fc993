/**
 * Forms to sign in with, of the examples, of what `init` writes and of the documents. None puts its fields into the page's address:
 * that is what browsers do with a form that has no method, when it is sent before the page has come to life.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesOf } from "../structure/support/files.js";
import { blocksOf, pages, repository } from "./support/blocks.js";

const templates = filesOf("js/cli/init/templates", ".ts");
const sources = [...filesOf("examples", ".tsx", ".ts", ".svelte"), ...templates, ...pages];
const textOf = (path: string): string => readFileSync(join(repository, path), "utf8");

/** The beginnings of forms, with their attributes. */
const formsIn = (text: string): string[] => text.match(/<form\b[^<]*/g) ?? [];
/** React sends a form whose action is a function, and refuses a method beside it. */
const isSafe = (form: string): boolean => /\smethod="(post|dialog)"|\saction=\{/.test(form);

it("every form has a method", () => {
  const forms = sources.flatMap((path) => formsIn(textOf(path)).map((form) => ({ path, form })));
  expect(new Set(forms.map(({ path }) => path)).size).toBeGreaterThan(9);
  expect(forms.filter(({ form }) => !isSafe(form))).toEqual([]);
});

it("says so where the server did not answer: the call rejects then", () => {
  const blocks = pages.flatMap((page) =>
    blocksOf(page).map(({ line, code }) => ({ place: `${page}:${String(line)}`, code })),
  );
  const all = [...blocks, ...templates.map((path) => ({ place: path, code: textOf(path) }))];
  const signIns = all.filter(({ code }) => code.includes("signIn.email("));
  expect(signIns.length).toBeGreaterThan(5);
  expect(signIns.filter(({ code }) => !code.includes("catch")).map(({ place }) => place)).toEqual(
    [],
  );
});
