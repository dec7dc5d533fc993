/** The table of docs/support.md: the versions that the package admits, and those that the tests run with. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { repository } from "./blocks.js";

const BEGIN = "<!-- versions -->";
const END = "<!-- end of versions -->";

interface Manifest {
  readonly version: string;
  readonly engines: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/** What of a peer's range is run, beside the newest that is installed. */
const OLDEST: Readonly<Record<string, string>> = {
  "better-auth": "the whole flow and the types with the oldest (`tests/packaging/oldest.test.ts`)",
  convex: "the same",
  react: "what is rendered, with 18 as well (`npm test -- js`)",
};

/** The page with its table written anew. */
export async function withVersions(page: string): Promise<string> {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < 0) throw new Error("docs/support.md has no place for the versions");
  const text = `${page.slice(0, from)}${BEGIN}\n\n${table()}\n\n${page.slice(to)}`;
  return format(text, { parser: "markdown", printWidth: 100 });
}

function table(): string {
  const { engines, peerDependencies } = read<Manifest>("package.json");
  const rows = [
    [
      "Node",
      engines["node"] ?? "",
      "any from there on",
      "`npm test` runs with the one that it finds",
    ],
    ...Object.entries(peerDependencies).map(([name, range]) => [
      `\`${name}\``,
      range.replaceAll("||", "or"),
      installed(name),
      OLDEST[name] ?? "the newest only",
    ]),
    [
      "Chromium",
      "browsers with ES2022",
      "the system's",
      `driven by \`playwright-core\` ${installed("playwright-core")}, which is made for ${chromium()}`,
    ],
  ];
  const head = ["what", "admitted", "tested", "how"];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** The version in the lock file, which is what the tests run with. */
function installed(name: string): string {
  const { packages } = read<{ packages: Record<string, { version?: string }> }>(
    "package-lock.json",
  );
  const version = (at: string): string | undefined => packages[`node_modules/${at}`]?.version;
  const other = version(`${name}-18`);
  return `${other === undefined ? "" : `${other} and `}${version(name) ?? "none"}`;
}

function chromium(): string {
  const require = createRequire(import.meta.url);
  const folder = join(require.resolve("playwright-core/package.json"), "..");
  const { browsers } = JSON.parse(readFileSync(join(folder, "browsers.json"), "utf8")) as {
    browsers: { name: string; browserVersion: string }[];
  };
  const { browserVersion = "" } = browsers.find(({ name }) => name === "chromium") ?? {};
  return browserVersion.split(".")[0] ?? "";
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(repository, path), "utf8")) as T;
}
