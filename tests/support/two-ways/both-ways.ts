/** One request, answered by the same app from the same database at the same moment: once the full way, once as it comes. */
import { vi } from "vitest";
import type { Database } from "../../host/database.js";
import type { Answered } from "./answered.js";
import { answeredOf } from "./answered.js";
import { withoutDrawn } from "./random.js";
import { writesOf } from "./writes.js";

/** An app with a database of its own. */
export interface Side {
  readonly database: Database;
  answer(request: Request): Promise<Response>;
}

/** What came of a request. */
export interface Outcome {
  /** What the app under test answered. */
  readonly response: Response;
  /** What it answered and wrote, as it was compared. */
  readonly seen: Seen;
  /** The same of the full way. */
  readonly expected: Seen;
}

/** What one side answered and wrote, without what is drawn. */
export interface Seen extends Answered {
  readonly writes: readonly string[];
}

/**
 * Sends the request to `full` first, whose database becomes a copy of the other's. Nothing else may go on meanwhile:
 * what others write would be taken for the request's.
 */
export async function bothWays(request: Request, side: Side, full: Side): Promise<Outcome> {
  return standingStill(async () => {
    const before = side.database.contents();
    await full.database.become(before);
    const see = async ({ database, answer }: Side): Promise<{ response: Response; seen: Seen }> => {
      const response = await answer(request.clone());
      const { headers, cookies, body, status } = await answeredOf(response);
      const { lines, drawn } = writesOf(before, database.contents());
      const plain = (text: string): string => withoutDrawn(text, drawn);
      return {
        response,
        seen: {
          status,
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, plain(value)]),
          ),
          cookies: cookies.map(plain),
          body: plain(body),
          writes: lines.map(plain).sort(),
        },
      };
    };
    const { seen: expected } = await see(full);
    const { response, seen } = await see(side);
    return { response, seen, expected };
  });
}

/** Stops the clock, where a test has not stopped it already. */
async function standingStill<T>(work: () => Promise<T>): Promise<T> {
  if (vi.isFakeTimers()) return work();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}
