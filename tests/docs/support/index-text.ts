/** The lists of all pages, for people and for programs: made of the pages' titles and first lines. */
import { join, posix } from "node:path";
import { format } from "prettier";
import { INDEX, pages, repository, textOf } from "./blocks.js";

/** The pages in the order of a reader's day. Pages that are not there are left out. */
const SECTIONS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ["Start", ["init", "one-origin", "two-origins", "support"]],
  [
    "A sign-in page",
    [
      "sign-in",
      "better-auth-ui",
      "better-auth-ui-tanstack-query",
      "email",
      "email-other-service",
      "passwords",
    ],
  ],
  [
    "Protected data",
    ["protected-data", "test-your-functions", "client", "sessions", "types", "triggers"],
  ],
  ["Plugins", ["plugins", "tables"]],
  [
    "Server rendering",
    [
      "nextjs",
      "nextjs-data",
      "tanstack-start",
      "tanstack-start-data",
      "sveltekit",
      "other-servers",
    ],
  ],
  ["Native", ["expo"]],
  ["Production", ["production", "set-up", "doctor", "keys", "rate-limits", "house-keeping"]],
  [
    "Moving in",
    [
      "coming-from",
      "coming-from-convex-better-auth",
      "coming-from-convex-auth",
      "coming-from-clerk",
      "coming-from-better-auth",
      "import",
    ],
  ],
  ["Security", ["security"]],
  ["How it works", ["architecture", "benchmark"]],
  ["Contributing", ["../CONTRIBUTING", "testing"]],
];

const listed = SECTIONS.map(
  ([title, names]) =>
    [
      title,
      names.map((name) => posix.join("docs", `${name}.md`)).filter((path) => pages.includes(path)),
    ] as const,
).filter(([, paths]) => paths.length > 0);

/** Pages that no section has; those of the plugins are in the table of docs/plugins.md. */
export function unlisted(): string[] {
  const all = ["README.md", ...listed.flatMap(([, paths]) => paths)];
  return pages.filter((page) => !all.includes(page) && !page.startsWith("docs/plugins/"));
}

/** The first line below a page's title, without its links. */
export function audienceOf(page: string): string {
  const line = textOf(page).split("\n\n")[1] ?? "";
  return line.replaceAll("\n", " ").replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1");
}

const titleOf = (page: string): string => /^# (.+)$/m.exec(textOf(page))?.[1] ?? page;

function lists(link: (page: string) => string): string {
  return listed
    .map(([title, paths]) => {
      const entries = paths.map(
        (page) => `- [${titleOf(page)}](${link(page)}): ${audienceOf(page)}`,
      );
      return `## ${title}\n\n${entries.join("\n")}\n`;
    })
    .join("\n");
}

/** `docs/README.md`. */
export function indexText(): Promise<string> {
  return format(
    `# Documentation

The set-up of an app is in the [README](../README.md#set-up). Each page says in its first line whom it is for. Programs read
[llms.txt](../llms.txt), which has the same list.

A block of code begins with the name of its file. It is the whole file, unless the name is followed by

- \`at its end\`: what is there stays, this comes after it,
- \`in part\`: this takes the place of what has the same names there,
- \`in the options\`: these are properties of the object that \`betterAuth\` is given.

Every block [is compiled](../tests/types/documents.test.ts), together with the files that its page shows or links to.

${lists((page) => posix.relative("docs", page))}`,
    { parser: "markdown", printWidth: 100, filepath: join(repository, INDEX) },
  );
}

/** `llms.txt`, as https://llmstxt.org has it. */
export function llmsText(): string {
  return `# convex-gate

> Better Auth on Convex, as an npm package: auth data in an isolated Convex component, database adapter and session look-up in
> Rust compiled to WebAssembly, React bindings. No schema step, whichever plugins of Better Auth are added.

- The set-up, step by step and complete: [README](README.md). Follow it before any other page.
- When something does not work: \`npx convex-gate doctor\`, which says what to change.
- A block of code begins with the name of its file, and is the whole file unless \`at its end\`, \`in part\` or
  \`in the options\` (of \`betterAuth\`) follows the name.
- Errors have a stable \`code\`; the message says what to do.

${lists((page) => page)}
## Optional

- [CHANGELOG](CHANGELOG.md): what changed for users, by version.
`;
}
