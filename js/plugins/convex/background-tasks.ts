import type { AuthContext } from "better-auth";
import { backgroundOf } from "../../adapter/background.js";

type Runners = Pick<AuthContext, "runInBackground" | "runInBackgroundOrAwait">;

/**
 * How Better Auth (1.7) runs what a response need not wait for. Where nothing else waits Convex drops it, so the routes do:
 * the response leaves when all of it has ended, and what fails is logged. An app's own
 * `advanced.backgroundTasks.handler` is called as well. Without one Better Auth awaits most such tasks where they begin,
 * and that stays; so it is with one where no route waits, as in a direct call of `auth.api`.
 */
export function backgroundTasks({ adapter, options, logger }: AuthContext): Partial<Runners> {
  const background = backgroundOf(adapter);
  if (!background) return {};
  const own = options.advanced?.backgroundTasks?.handler;
  const failed = (error: unknown): void =>
    logger.error("[convex-gate] A background task failed.", error);
  const runInBackground: Runners["runInBackground"] = (task) => {
    background.add(task, failed);
    own?.(task);
  };
  if (!own) return { runInBackground };
  return {
    runInBackground,
    async runInBackgroundOrAwait(task) {
      if (!(task instanceof Promise)) return;
      // The app's handler need not expect errors: Better Auth hands it none here.
      const ended = task.catch(failed);
      runInBackground(ended);
      if (!background.isAwaited) await ended;
    },
  };
}
