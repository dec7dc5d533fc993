/** Which file of an app answers already where one of ours would: two that do stop the app, or hide one of them. */
import type { Project } from "./project.js";

/** The address that a file answers, from its path in the folder of a framework's routes; undefined for one that answers none. */
type AddressOf = (path: string) => string | undefined;

/** The file below `folder` whose address is of this form, a parameter in it written as the framework writes it. */
export function answering(
  { sources }: Project,
  folder: string,
  addressOf: AddressOf,
  address: RegExp,
): string | undefined {
  const file = sources().find(({ path }) => {
    const found = path.startsWith(folder) ? addressOf(path.slice(folder.length)) : undefined;
    return found !== undefined && address.test(found);
  });
  return file?.path;
}

/** The folder `app` of Next.js. */
export const inApp: AddressOf = (path) => {
  const folders = /^(?:(.*)\/)?(?:page|route)\.[cm]?[jt]sx?$/.exec(path)?.[1]?.split("/");
  // Of folders with `_` no routes are made, and `(.)` shows a page of another address.
  if (!folders || folders.some((each) => /^(?:_|\(\.)/.test(each))) return undefined;
  return folders.filter((each) => !/^(?:\(.*\)|@.*)$/.test(each)).join("/");
};

/** The folder `pages` of Next.js, which can be beside `app`. */
export const inPages: AddressOf = (path) =>
  path.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");

/** SvelteKit. A parameter that need not be there is left out, as the address is answered without it too. */
export const inSvelteKit: AddressOf = (path) => {
  const folders = /^(?:(.*)\/)?\+(?:page|server)\b[^/]*$/.exec(path)?.[1]?.split("/");
  return folders
    ?.filter((each) => !/^(?:\(.*\)|\[\[.*\]\])$/.test(each))
    .join("/")
    .replace(/\/\[\.\.\.[^/]*\]$/, "");
};

/** TanStack Router, whose files' names hold segments too: `_auth.sign-in.tsx`. */
export const inStart: AddressOf = (path) => {
  const names = path
    .replace(/\.[cm]?[jt]sx?$/, "")
    .replace(/\.lazy$/, "")
    .split("/");
  if (names.some((name) => name.startsWith("-"))) return undefined;
  const segments = names.flatMap((name) => name.split("."));
  if (/^(?:index|route)$/.test(segments.at(-1) ?? "")) segments.pop();
  return segments
    .filter((each) => !/^(?:_.*|\(.*\))$/.test(each))
    .map((each) => each.replace(/_$/, ""))
    .join("/");
};
