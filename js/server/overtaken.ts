/** Answers to requests that another one overtook, while they were on their way to write. */
import { backgroundOf } from "../adapter/background.js";
import type { Race } from "../adapter/race.js";
import { raceOf } from "../adapter/race.js";
import { refusedOf } from "../adapter/refused.js";
import type { AuthInstance } from "./types.js";

/**
 * What Better Auth answers. When a constraint refused a write, it is asked once more, if nothing of the request was written
 * before: now its own look-ups find what the other request has done, and the answer is the one that a later request gets,
 * whatever plugin it is of. Hooks that come before a write run again then, as they do in a transaction. What was
 * refused after another write, such as the use of a one-time token, is answered without a second try.
 */
export async function answeredInRace(auth: AuthInstance, request: Request): Promise<Response> {
  const { adapter } = await auth.$context;
  const race = raceOf(adapter);
  if (!race) return auth.handler(request);
  Object.assign(race, { refusal: undefined, written: false, again: false } satisfies Race);
  // Its body can be read once.
  const second = request.body === null ? request : request.clone();
  const response = await auth.handler(request);
  if (race.refusal === undefined || response.status < 400) return response;
  // What it began and did not wait for may write as well.
  await backgroundOf(adapter)?.settled();
  if (race.written) return refused(race, response);
  // What there was no room for was in vain like the rest of it.
  refusedOf(adapter)?.take();
  Object.assign(race, { refusal: undefined, again: true } satisfies Partial<Race>);
  return refused(race, await auth.handler(second));
}

/** An error without an answer, in place of its status 500: 401 for a session of nobody, else 409. */
function refused({ refusal }: Race, response: Response): Response {
  if (refusal === undefined || response.status < 500) return response;
  const { code, meta } = refusal;
  const status = code === "FOREIGN_KEY_CONSTRAINT" && meta?.["model"] === "session" ? 401 : 409;
  const message =
    code === "UNIQUE_CONSTRAINT"
      ? "Another request has just taken what must be unique."
      : "What this belongs to has just been deleted.";
  return Response.json({ code, message }, { status, headers: { "Cache-Control": "no-store" } });
}
