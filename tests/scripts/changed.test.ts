/** `npm test -- --changed`: what is left out, and that nothing is which could see the change. */
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";

interface Part {
  readonly group: string;
  readonly name: string;
  readonly project?: string;
  readonly files?: string[];
}
interface ImportsOfTest {
  readonly imports: Set<string>;
  readonly folders: Set<string>;
  readonly looks: boolean;
}
type Graph = Map<string, ImportsOfTest>;

let testGraph: () => Promise<Graph | undefined>;
let chooseParts: (
  parts: Part[],
  paths: string[],
  graph: Graph | undefined,
) => { parts: Part[]; notes: string[] };
let parts: Part[];
let graph: Graph;

beforeAll(async () => {
  const script = async <T>(name: string): Promise<T> =>
    (await import(pathToFileURL(`scripts/lib/${name}.mjs`).href)) as T;
  ({ testGraph } = await script<{ testGraph: typeof testGraph }>("changed/test-graph"));
  ({ chooseParts } = await script<{ chooseParts: typeof chooseParts }>("changed/choose"));
  const all = await script<{ parts: (wasmEnv: object) => Part[] }>("parts");
  parts = all.parts({});
  graph = (await testGraph())!;
}, 60_000);

/** The projects of vitest that run at all. */
function projects(...paths: string[]): string[] {
  return chooseParts(parts, paths, graph).parts.flatMap(({ project }) => project ?? []);
}

/** The files of a project that run: all of them, some, or none. */
function files(project: string, ...paths: string[]): "all" | string[] {
  const part = chooseParts(parts, paths, graph).parts.find((each) => each.project === project);
  return part === undefined ? [] : (part.files ?? "all");
}

const groups = (...paths: string[]): string[] => [
  ...new Set(chooseParts(parts, paths, graph).parts.map(({ group }) => group)),
];

describe("what runs", () => {
  it.each([
    ["the manifest", "package.json"],
    ["a script of the run itself", "scripts/lib/parts.mjs"],
    ["a crate", "crates/gate-core/src/lib.rs"],
    ["what the code generator writes", "convex/schema.ts"],
    ["a file that nobody has thought of", "new-folder/new-file.ts"],
  ])("is everything for %s", (_, path) => {
    const { parts: chosen, notes } = chooseParts(parts, ["docs/keys.md", path], graph);
    expect(chosen).toEqual(parts);
    expect(notes).toEqual([`nothing is left out: ${path} can affect everything`]);
  });

  it("is everything when a test imports what is not there", () => {
    expect(chooseParts(parts, ["docs/keys.md"], undefined).parts).toEqual(parts);
  });

  it("is nothing when nothing has changed", () => {
    expect(chooseParts(parts, [], graph).parts).toEqual([]);
  });

  it("is a test file alone when it alone has changed", () => {
    const test = "tests/adapter/ids.test.ts";
    expect(files("node", test)).toEqual([test]);
    expect(projects(test)).toEqual(["node"]);
    expect(groups(test)).toEqual(["build", "types", "js"]);
  });

  it("has every test that imports the file, over however many others", () => {
    const changed = files("node", "js/adapter/index.ts");
    expect(changed).toContain("tests/adapter/ids.test.ts");
    expect(changed).not.toContain("tests/client/jar-faults.test.ts");
    // By `import.meta.glob` of the package's helper for convex-test.
    expect(files("node", "convex/adapter.ts")).toContain("tests/adapter/ids.test.ts");
  });

  it("has every test that reads files or runs programs, where the path is one that it may look at", () => {
    expect(files("node", "docs/keys.md")).toContain("tests/docs/pages.test.ts");
    expect(files("browser", "js/adapter/index.ts")).toBe("all");
    expect(files("matrix", "convex/adapter.ts")).toBe("all");
    expect(files("matrix", "docs/plugins.md")).toBe("all");
    expect(files("packaging", "docs/keys.md")).toBe("all");
  });

  it("leaves the matrix out for what frameworks' pages alone load, and Rust for what is no Rust", () => {
    expect(projects("js/react/index.ts")).not.toContain("matrix");
    expect(projects("js/react/index.ts")).toContain("react18");
    expect(groups("js/react/index.ts")).not.toContain("rust");
    expect(groups("crates/gate-core/tests/it/plans.rs")).toContain("rust");
  });
});

describe("what is said", () => {
  it("is a line for each part that does not run as a whole, with the reason", () => {
    const { parts: chosen, notes } = chooseParts(parts, ["tests/adapter/ids.test.ts"], graph);
    for (const { name, project } of parts) {
      const isWhole = chosen.some((each) => each.name === name && each.files === undefined);
      const line = notes.find((note) => note.startsWith(`${name}: `));
      expect(line === undefined, name).toBe(isWhole);
      if (line !== undefined)
        expect(line).toMatch(project === undefined ? /Rust is built from/ : /neither import/);
    }
  });
});

describe("the graph", () => {
  it("knows that tests with programs and folders of their own look around", () => {
    const blind = [...graph].filter(
      ([path, { looks }]) => /^tests\/(browser|docs|e2e|matrix|packaging)\//.test(path) && !looks,
    );
    expect(blind).toEqual([]);
  });
});
