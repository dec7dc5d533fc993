/** All files of a framework. */
import type { Framework } from "../../frameworks.js";
import { backendOf, frameworkFacts } from "../../frameworks.js";
import type { Project } from "../project.js";
import type { WantedFile } from "../wanted-file.js";
import { convexFiles } from "./convex.js";
import { expoFiles, schemeOf } from "./expo.js";
import { nextFiles } from "./next.js";
import { startFiles } from "./start.js";
import { svelteKitFiles } from "./sveltekit.js";
import { viteFiles } from "./vite.js";

/** What belongs to the framework, beside the Convex files. */
const appFiles: Readonly<Record<Framework, (project: Project, appUrl: string) => WantedFile[]>> = {
  vite: viteFiles,
  next: nextFiles,
  start: startFiles,
  sveltekit: svelteKitFiles,
  expo: expoFiles,
  none: () => [],
};

/** `appUrl` is where the app is in development. */
export function wantedFiles(project: Project, framework: Framework, appUrl: string): WantedFile[] {
  const scheme = framework === "expo" ? schemeOf(project) : undefined;
  const { isCrossDomain } = frameworkFacts[backendOf(framework, project.framework)];
  return [
    ...convexFiles(project, { isCrossDomain, scheme }),
    ...appFiles[framework](project, appUrl),
  ];
}
