/** An app that installs the packed package, in an empty folder outside the repository. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onceARun } from "../support/once-a-run.js";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const example = fileURLToPath(new URL("../../examples/react/convex", import.meta.url));
const fixtures = fileURLToPath(new URL("./fixture", import.meta.url));

/** The outcome of a program. */
export interface Outcome {
  ok: boolean;
  output: string;
}

/** An app folder with the package and its peers installed. */
export interface Consumer {
  folder: string;
  /** The package as it was unpacked by npm. */
  packageFolder: string;
  /** The tarball that `npm pack` wrote. */
  tarball: string;
  /** Copies the files of a fixture into a folder of its own within the app and gives its path. */
  use(fixture: string): Promise<string>;
  /** Runs a program of `node_modules/.bin` or node itself. */
  exec(program: string, args: string[], cwd?: string): Promise<Outcome>;
  remove(): Promise<void>;
}

/** How an app differs from one that installs the newest of everything with npm. */
export interface ConsumerOptions {
  strategy?: "hoisted" | "linked";
  /** Versions of packages, where they are not those of the repository. */
  versions?: Record<string, string>;
}

/** Packs the repository, once in a run, and gives the path of the tarball: it is shared, and only to be read. */
export function packPackage(): Promise<string> {
  return onceARun("convex-gate.tgz", async (path) => {
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", dirname(path)];
    const { stdout } = await run("npm", args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    await rename(join(dirname(path), filename), path);
  });
}

/**
 * Packs the repository and installs the tarball; the versions of the peers are those of the repository.
 * The strategy `linked` gives every package only what it depends on itself, as pnpm does: a type that can only be named
 * through a package of somebody else's fails there.
 */
export async function installConsumer({
  strategy = "hoisted",
  versions = {},
}: ConsumerOptions = {}): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), "convex-gate-consumer-"));
  const tarball = await packPackage();
  const { devDependencies } = JSON.parse(
    await readFile(join(repository, "package.json"), "utf8"),
  ) as { devDependencies: Record<string, string> };
  const peers = [
    "better-auth",
    "convex",
    "react",
    "react-dom",
    "typescript",
    "@types/react",
    "@types/react-dom",
    "@types/node",
  ];
  const app = join(folder, "app");
  await mkdir(app);
  await writeFile(
    join(app, "package.json"),
    JSON.stringify({
      name: "consumer",
      private: true,
      type: "module",
      dependencies: {
        "convex-gate": `file:${tarball}`,
        ...Object.fromEntries(peers.map((name) => [name, devDependencies[name]])),
        ...versions,
      },
    }),
  );
  await run(
    "npm",
    ["install", "--prefer-offline", "--no-audit", "--no-fund", `--install-strategy=${strategy}`],
    { cwd: app },
  );

  const exec = async (program: string, args: string[], cwd = app): Promise<Outcome> => {
    const file = program === "node" ? process.execPath : join(app, "node_modules/.bin", program);
    try {
      const { stdout, stderr } = await run(file, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
      return { ok: true, output: stdout + stderr };
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      return { ok: false, output: stdout + stderr };
    }
  };
  return {
    folder: app,
    packageFolder: join(app, "node_modules/convex-gate"),
    tarball,
    async use(fixture) {
      const target = join(app, fixture);
      await cp(join(fixtures, fixture), target, { recursive: true });
      await useExample(join(target, "convex"));
      // The CLI wants a package of its own; what it imports is found in the folder above.
      await writeFile(
        join(target, "package.json"),
        JSON.stringify({
          name: fixture,
          private: true,
          type: "module",
          dependencies: { convex: "*" },
        }),
      );
      return target;
    },
    exec,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The to-do functions that the flow calls, and generated code that knows no function of the app by name. */
async function useExample(convexFolder: string): Promise<void> {
  const generated = join(convexFolder, "_generated");
  await cp(join(example, "_generated"), generated, { recursive: true });
  await cp(join(example, "todos.ts"), join(convexFolder, "todos.ts"));
  const component = 'import("convex-gate/_generated/component.js").ComponentApi<"betterAuth">';
  await writeFile(
    join(generated, "api.d.ts"),
    `import type { AnyApi } from "convex/server";
export declare const api: AnyApi;
export declare const internal: AnyApi;
export declare const components: { betterAuth: ${component} };
`,
  );
}
