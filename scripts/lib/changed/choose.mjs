/** Chooses the parts of `npm test`, and the test files of each, that a change can affect. */
import { reachOf } from "./reach.mjs";

/** The projects of vitest by the folder of a test below `tests`; all others are of `node`. */
const PROJECTS = {
  browser: "browser",
  e2e: "host",
  host: "host",
  matrix: "matrix",
  packaging: "packaging",
  svelte: "svelte",
  types: "types",
};

/**
 * Gives the parts to run, those of vitest with `files` when not all of theirs are needed, and `notes`: a line for each
 * part or number of files that is left out, with the reason. `graph` is what `testGraph` gives.
 */
export function chooseParts(parts, paths, graph) {
  if (paths.length === 0)
    return { parts: [], notes: ["nothing has changed: there is nothing to run"] };
  const unclear = paths.filter((path) => reachOf(path) === undefined);
  if (unclear.length > 0) {
    const others = unclear.length > 1 ? ` and ${unclear.length - 1} more` : "";
    return { parts, notes: [`nothing is left out: ${unclear[0]}${others} can affect everything`] };
  }
  if (graph === undefined)
    return { parts, notes: ["nothing is left out: a test imports a file that is not there"] };
  const reaches = paths.map(reachOf);
  const affected = new Set([...graph].filter((each) => isAffected(...each)).map(([path]) => path));
  const chosen = [];
  const notes = [];
  for (const part of parts) {
    const why = leftOut(part);
    if (why === undefined) chosen.push(part);
    else if (why.files?.length > 0) {
      chosen.push({ ...part, files: why.files });
      notes.push(`${part.name}: ${why.text}`);
    } else notes.push(`${part.name}: left out, ${why.text}`);
  }
  return { parts: chosen, notes };

  function isAffected(test, { imports, folders, looks }) {
    const project = projectOf(test);
    return paths.some(
      (path, index) =>
        imports.has(path) ||
        [...folders].some((folder) => path.startsWith(folder)) ||
        (looks && reaches[index].looks.includes(project)),
    );
  }

  function leftOut({ group, project }) {
    if (group === "build" || (group === "types" && project === undefined)) return undefined;
    if (project === undefined)
      return group === "rust" && reaches.some(({ rust }) => rust)
        ? undefined
        : { text: "nothing that Rust is built from has changed" };
    // The same files as some of `node`, with another React.
    const own = [...graph.keys()].filter((path) =>
      project === "react18" ? path.startsWith("tests/client/") : projectOf(path) === project,
    );
    const files = own.filter((path) => affected.has(path));
    if (files.length === own.length || (project === "react18" && files.length > 0))
      return undefined;
    const number = own.length - files.length;
    return {
      files,
      text: `${number === own.length ? "its files" : `without ${number} of ${own.length} files, which`} neither import what has changed nor can see it otherwise`,
    };
  }
}

/** The project of vitest that runs a test file. */
export function projectOf(path) {
  return PROJECTS[path.split("/")[1]] ?? "node";
}
