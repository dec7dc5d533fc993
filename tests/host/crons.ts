/** Cron jobs: those of `crons.js`, the app's and its components'. */
import { jsonToConvex } from "convex/values";

/** One job. */
export interface Cron {
  /** The component's path; empty for the app. */
  component: string;
  name: string;
  /** As `crons.js` gives it: `{ type: "interval", seconds }` and others. */
  schedule: { type: string; seconds?: number };
  /** `module:function`. */
  function: string;
  args: unknown;
}

/** The jobs that the default export of a `crons.js` holds. */
export function readCrons(component: string, exported: unknown): Cron[] {
  const { export: write } = (exported ?? {}) as { export?: () => string };
  if (typeof write !== "function") return [];
  const jobs = JSON.parse(write.call(exported)) as Record<
    string,
    { name: string; args: never[]; schedule: Cron["schedule"] }
  >;
  return Object.entries(jobs).map(([name, job]) => ({
    component,
    name,
    schedule: job.schedule,
    function: job.name,
    args: jsonToConvex(job.args[0] ?? ({} as never)),
  }));
}

/** Runs jobs with an interval as often as they ask; the others wait for a test to run them. Gives what stops them. */
export function startCrons(crons: readonly Cron[], run: (cron: Cron) => Promise<void>): () => void {
  const timers = crons.flatMap((cron) => {
    const { type, seconds } = cron.schedule;
    if (type !== "interval" || seconds === undefined) return [];
    return [setInterval(() => void run(cron), seconds * 1000).unref()];
  });
  return () => timers.forEach((timer) => clearInterval(timer));
}
