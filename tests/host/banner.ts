/** What the host says about itself, so that nobody takes it for Convex. */
import type { PushRequest } from "./push-request.js";

const WHAT_IT_IS = `This is a local host and not Convex: it runs the bundle that the real Convex CLI writes, each call in a fresh V8
context, and keeps its data in convex-test, in memory. tests/host/README.md says what it does not model.`;

/** A few lines: what runs here, and which parts of the pushed app do not. */
export function bannerOf(request: PushRequest): string {
  const apps = [
    { name: "the app", modules: request.appDefinition.changedModules },
    ...request.componentDefinitions.map(({ definitionPath, functions }) => ({
      name: definitionPath,
      modules: functions,
    })),
  ];
  const ignored = apps
    .filter(({ modules }) => modules.some(({ path }) => path === "crons.js"))
    .map(({ name }) => `Cron jobs do not run here: those of ${name} are ignored.`);
  return [WHAT_IT_IS, ...ignored].join("\n");
}
