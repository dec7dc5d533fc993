/** What there is to do in an app. Pure: it reads through the project, and nothing is done yet. */
import { GateError } from "../../errors/index.js";
import type { Framework } from "../frameworks.js";
import { backendOf, developmentAddress, frameworkFacts } from "../frameworks.js";
import type { Project } from "./project.js";
import { wantedFiles } from "./templates/index.js";
import { expoInstall } from "./templates/expo.js";
import { svelteKitFunctions } from "./templates/sveltekit.js";
import { isExported, parsed } from "./patches/edit.js";
import type { Need, WantedFile } from "./wanted-file.js";

/** What becomes of one file. */
export type Change =
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | {
      readonly kind: "patch";
      readonly path: string;
      readonly before: string;
      readonly text: string;
      readonly lines: string;
    }
  | { readonly kind: "keep"; readonly path: string }
  | {
      readonly kind: "by-hand";
      readonly path: string;
      readonly lines: string;
      /** Whether the lines can be in a file of another name as well. */
      readonly isRenamable?: boolean | undefined;
      /** What of the app makes place for it. */
      readonly inPlaceOf?: string | undefined;
      /** What of other files has to be there first. */
      readonly after?: readonly string[];
    };

/** All of it. */
export interface Plan {
  readonly framework: Framework;
  readonly install: readonly string[];
  readonly changes: readonly Change[];
  /** A command that is left to whoever runs this. */
  readonly command: string | undefined;
  /** The app's address in development, for the deployment's `SITE_URL`; undefined where it has none. */
  readonly appUrl: string | undefined;
}

/**
 * `address` is the app's in development, where it is not the usual one. Throws `INVALID_OPTION` for an app that `init` cannot
 * set up.
 */
export function makePlan(app: Project, framework: Framework, address?: string): Plan {
  const backend = backendOf(framework, app.framework);
  const project = withFunctions(app, backend);
  if (!project.isTypeScript && framework !== "none")
    throw new GateError(
      "INVALID_OPTION",
      "This app has no TypeScript, which is what init writes. Add it (the package `typescript` and a tsconfig.json) and run this again; or run `npx convex-gate init --framework none`, which writes the Convex files alone, that need no compiler of yours, and do the app's part by the README (3. The app) or the page of your framework.",
    );
  const facts = frameworkFacts[backend];
  const packages = ["convex-gate", "better-auth", "convex", ...facts.packages];
  const appUrl = address ?? developmentAddress(project.devScript, backend);
  return {
    framework,
    install: packages.filter((name) => !project.packages.has(name)),
    changes: changesFor(wantedFiles(project, framework, appUrl ?? ""), project),
    command: framework === "expo" ? expoInstall(project) : undefined,
    appUrl,
  };
}

/** An app that has no Convex functions yet gets them where its framework can use them. */
function withFunctions(project: Project, framework: Framework): Project {
  const isFree = !project.hasFunctions && project.read("convex.json") === undefined;
  return framework === "sveltekit" && isFree
    ? { ...project, functions: svelteKitFunctions }
    : project;
}

/** A file whose needs are left to do is left as well: it would be broken until they are done. */
function changesFor(files: readonly WantedFile[], project: Project): Change[] {
  const changes = new Map<string, Change>();
  for (const file of files) {
    const change = changeFor(file, project);
    const { path, lines, needs = [] } = file;
    const after = needs.flatMap((need) => lackOf(need, changes.get(need.path), project) ?? []);
    const isHeldBack = after.length > 0 && change.kind !== "keep";
    const inPlaceOf = change.kind === "by-hand" ? change.inPlaceOf : undefined;
    const heldBack = { kind: "by-hand", path: change.path, lines, inPlaceOf, after } as const;
    changes.set(path, isHeldBack ? heldBack : change);
  }
  return [...changes.values()];
}

/** What has to be there before a file can use this; undefined where it is. */
function lackOf({ name }: Need, change: Change | undefined, { read }: Project): string | undefined {
  if (change?.kind === "by-hand") return `\`${name}\` of ${change.path} is as above`;
  if (change?.kind !== "keep") return undefined;
  const source = parsed(read(change.path) ?? "", change.path);
  return source && !isExported(source, name) ? `${change.path} exports \`${name}\`` : undefined;
}

function changeFor(wanted: WantedFile, project: Project): Change {
  const { path, text, mark, patch, lines, isRenamable, inPlaceOf } = wanted;
  const there = spellings(path).find((each) => project.read(each) !== undefined);
  const before = there === undefined ? undefined : project.read(there);
  if (there === undefined || before === undefined)
    return text === undefined || inPlaceOf !== undefined
      ? { kind: "by-hand", path, lines, inPlaceOf }
      : { kind: "write", path, text };
  // Patches know one end of line; a file keeps those that it has.
  const isWindows = before.includes("\r\n");
  const plain = isWindows ? before.replaceAll("\r\n", "\n") : before;
  const patched = mark?.test(plain) ? "is-there" : patch?.(plain, there);
  if (patched === "is-there" || plain === text) return { kind: "keep", path: there };
  if (patched === undefined || (patch && inPlaceOf !== undefined))
    return { kind: "by-hand", path: there, lines, isRenamable, inPlaceOf: patch && inPlaceOf };
  if ("lines" in patched) return { kind: "by-hand", path: there, lines: patched.lines };
  const after = isWindows ? patched.text.replaceAll("\n", "\r\n") : patched.text;
  return { kind: "patch", path: there, before, text: after, lines };
}

/** A file of that name may be there in JavaScript. */
function spellings(path: string): string[] {
  const [, stem = path, dot = ""] = /^(.*)\.(tsx?)$/.exec(path) ?? [];
  return dot === ""
    ? [path]
    : ["ts", "tsx", "js", "jsx", "mts", "mjs"].map((each) => `${stem}.${each}`);
}
