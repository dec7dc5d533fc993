/** Counts requests: one indexed read and at most one write of a counter, in one transaction. */
import type { GenericId } from "convex/values";
import { randomId } from "../protocol/random-id.js";
import type { RateLimitDecision, RateLimitRule } from "../protocol/rate-limit.js";
import type { Writer } from "./any-tables.js";
import { lettersIn } from "../wasm/letters.js";
import { isDrawn, MOST } from "./draw.js";

/** Better Auth's own table and columns. */
const TABLE = "rateLimit";

/** Letters after which a sweep ends: a key holds a path, which is as long as a stranger's URL. */
const MOST_LETTERS = 256 * 1024;

/** A request to count, and how many ms a counter stays that nobody counts on. */
export interface Consumption extends RateLimitRule {
  key: string;
  keep: number;
}

interface Ctx {
  readonly db: Writer;
}

/** Better Auth's row; its adapter may have been another once, which kept the numbers as integers of 64 bits. */
interface Counter {
  readonly _id: GenericId<string>;
  readonly count: number | bigint;
  readonly lastRequest: number | bigint;
}

const ALLOWED: RateLimitDecision = { allowed: true, retryAfter: null };

/**
 * Counts a request or refuses it, as `decideConsume` of Better Auth's limiter does (1.7.25, `api/rate-limiter`): a window
 * lasts from one counted request to the next, and ends when none was counted for its length. A refused request writes
 * nothing, so that however many there are, they keep nobody from committing.
 */
export async function consumeRate(
  ctx: Ctx,
  { key, window, max, keep }: Consumption,
): Promise<RateLimitDecision> {
  const now = Date.now();
  const length = window * 1000;
  const counter = await counterOf(ctx, key);
  if (!counter) {
    await begin(ctx, { key, now, before: now - Math.max(keep, length) });
    return ALLOWED;
  }
  const count = Number(counter.count);
  const lastRequest = Number(counter.lastRequest);
  const isOver = now - lastRequest >= length;
  if (!isOver && count >= max)
    return { allowed: false, retryAfter: Math.ceil((lastRequest + length - now) / 1000) };
  await ctx.db.patch(counter._id, { count: isOver ? 1 : count + 1, lastRequest: now });
  return ALLOWED;
}

function counterOf(ctx: Ctx, key: string): Promise<Counter | null> {
  return ctx.db
    .query(TABLE)
    .withIndex("by_key", (q) => q.eq("key", key))
    .first();
}

/**
 * Begins a counter. Of requests that begin the same one at a time Convex lets one commit and runs the others again. Should
 * a sweep be what keeps one from committing, its next try has another id and most likely does without.
 */
async function begin(
  ctx: Ctx,
  { key, now, before }: { key: string; now: number; before: number },
): Promise<void> {
  const id = randomId();
  await ctx.db.insert(TABLE, { id, key, count: 1, lastRequest: now });
  // Nothing is old enough where a rule's window has no end, or is no number, which for Convex comes after all others.
  if (before > 0 && isDrawn(id)) await sweepIdle(ctx, before);
}

/**
 * Deletes the counters that were idle for longest. Nothing refers to one. A row without a key is of an app that gave the
 * column another name: it may have index entries, and is left to those who know them.
 */
async function sweepIdle(ctx: Ctx, before: number): Promise<void> {
  const rows = ctx.db
    .query(TABLE)
    .withIndex("by_lastRequest", (q) => q.gte("lastRequest", 0).lt("lastRequest", before));
  const idle: Record<string, unknown>[] = [];
  let letters = 0;
  for await (const row of rows) {
    idle.push(row);
    letters += lettersIn(row);
    if (idle.length >= MOST || letters >= MOST_LETTERS) break;
  }
  for (const row of idle)
    if (typeof row["key"] === "string") await ctx.db.delete(row["_id"] as GenericId<string>);
}
