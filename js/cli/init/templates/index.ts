/** All files of a framework. */
import type { Framework } from "../frameworks.js";
import { frameworkFacts } from "../frameworks.js";
import type { WantedFile } from "../wanted-file.js";
import type { Project } from "../project.js";
import { convexFiles } from "./convex.js";
import { expoFiles, schemeOf } from "./expo.js";
import { viteFiles } from "./vite.js";

/** What belongs to the framework, beside the Convex files. */
const appFiles: Readonly<Partial<Record<Framework, (project: Project) => WantedFile[]>>> = {
  vite: viteFiles,
  expo: expoFiles,
};

export function wantedFiles(project: Project, framework: Framework): WantedFile[] {
  const scheme = framework === "expo" ? schemeOf(project) : undefined;
  const { isCrossDomain } = frameworkFacts[framework];
  return [
    ...convexFiles(project.functions, { isCrossDomain, scheme }),
    ...(appFiles[framework]?.(project) ?? []),
  ];
}
