/** What the host says about itself, so that nobody takes it for Convex. */
import type { Cron } from "./crons.js";

const WHAT_IT_IS = `This is a local host and not Convex: it runs the bundle that the real Convex CLI writes, each call in a fresh V8
context, and keeps its data in convex-test, in memory. tests/host/README.md says what it does not model.`;

/** A few lines: what runs here, and which cron jobs wait until they are asked for. */
export function bannerOf(crons: readonly Cron[]): string {
  const waiting = crons
    .filter(({ schedule }) => schedule.type !== "interval")
    .map(
      ({ component, name }) =>
        `The cron job "${name}"${component === "" ? "" : ` of ${component}`} does not run by itself here.`,
    );
  return [WHAT_IT_IS, ...waiting].join("\n");
}
