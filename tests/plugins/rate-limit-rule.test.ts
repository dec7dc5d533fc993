/** One rule, three counters: ours in the component beside Better Auth's own in memory and in a database. */
import type { BetterAuthOptions } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RateLimitRule } from "../../js/adapter/index.js";
import { consumeRate } from "../../js/component/rate-limits.js";
import { createComponentApp } from "../support/component-app.js";
import { createComponentHarness } from "../support/component-harness.js";
import { SITE } from "./support/app.js";

const START = 1_800_000_000_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
afterEach(() => void vi.useRealTimers());

/** The longest window of these tests, in seconds. */
const LONGEST = 60;
const windows = fc.constantFrom(0.5, 1, 2, 10, LONGEST);
const rules = fc.record({ window: windows, max: fc.integer({ min: 0, max: 4 }) });

interface Step {
  /** Ms since the step before. */
  wait: number;
  /** Which of three addresses. */
  who: number;
  rule: RateLimitRule;
}

/** Times around the ends of windows, where a rule that is nearly right goes wrong. */
const waits = fc.oneof(
  fc.nat(3_000),
  fc
    .tuple(windows, fc.constantFrom(-1, 0, 1))
    .map(([window, more]) => Math.max(0, window * 1000 + more)),
);
const steps = fc.array(fc.record({ wait: waits, who: fc.nat(2), rule: rules }), {
  minLength: 1,
  maxLength: 25,
});

/** One request in a window, another a ms before it ends, and another when it ends. */
const one: RateLimitRule = { window: 10, max: 1 };
const ends: Step[] = [0, 9_999, 1].map((wait) => ({ wait, who: 0, rule: one }));

/** What a request was answered: "ok", or the seconds that it was told to wait. */
type Answer = string;

/** Counts by one storage of Better Auth; `rule` is the one of the request that is being made. */
function limiter(
  handlerOf: (options: BetterAuthOptions) => (request: Request) => Promise<Response>,
  storage?: "memory" | "database",
) {
  let rule: RateLimitRule;
  const handler = handlerOf({
    rateLimit: {
      enabled: true,
      // Better Auth forgets rows that are older than any window that it knows.
      window: LONGEST,
      customRules: { "/ok": () => rule },
      ...(storage && { storage }),
    },
  });
  return async (ip: string, current: RateLimitRule): Promise<Answer> => {
    rule = current;
    const headers = { "x-forwarded-for": ip };
    const { status, headers: told } = await handler(
      new Request(`${SITE}/api/auth/ok`, { headers }),
    );
    return status === 429 ? `wait ${told.get("x-retry-after") ?? ""}` : "ok";
  };
}

const ours = () =>
  limiter((options) => {
    const app = createComponentApp({ options });
    return (request) => app.auth().handler(request);
  });

const betterAuths = (storage: "memory" | "database") =>
  limiter((options) => {
    const tables = { user: [], session: [], account: [], verification: [], rateLimit: [] };
    return betterAuth({
      baseURL: SITE,
      secret: "a-secret-of-the-tests-with-enough-length-0001",
      logger: { disabled: true },
      database: memoryAdapter(tables),
      ...options,
    }).handler;
  }, storage);

let runs = 0;
/** The memory that Better Auth counts in is the process's, so that every run needs addresses of its own. */
function addressOf(who: number): string {
  return `10.${String(runs >> 8)}.${String(runs & 255)}.${String(who)}`;
}

async function agree(sequence: Step[], storage: "memory" | "database"): Promise<void> {
  runs += 1;
  const [count, expected] = [ours(), betterAuths(storage)];
  for (const { wait, who, rule } of sequence) {
    vi.setSystemTime(Date.now() + wait);
    const answers = [await count(addressOf(who), rule), await expected(addressOf(who), rule)];
    expect(answers[0]).toBe(answers[1]);
  }
}

describe("the component's counters", () => {
  it("allow and refuse as Better Auth's memory does", async () => {
    // There a counter is forgotten after the window of its last request: each address keeps its rule.
    const three = fc.tuple(rules, rules, rules);
    await fc.assert(
      fc.asyncProperty(steps, three, (sequence, rule) =>
        agree(
          sequence.map((step) => ({ ...step, rule: rule[step.who] ?? step.rule })),
          "memory",
        ),
      ),
      { numRuns: 60, examples: [[ends, [one, one, one]]] },
    );
  }, 60_000);

  it("allow and refuse as Better Auth's database does, also where the rule of a path changes", async () => {
    await fc.assert(
      fc.asyncProperty(steps, (sequence) => agree(sequence, "database")),
      { numRuns: 60, examples: [[ends]] },
    );
  }, 60_000);

  it("let exactly as many of 40 at once through, and a refused one changes nothing", async () => {
    const harness = createComponentHarness();
    const consume = () =>
      harness.store().rateLimits?.consume("burst", { window: 10, max: 7 }, 86_400_000);
    const answers = await Promise.all(Array.from({ length: 40 }, consume));
    expect(answers.filter((answer) => answer?.allowed)).toHaveLength(7);
    const rows = () => harness.store().run("findMany", { model: "rateLimit" });
    const before = await rows();
    expect(before).toMatchObject([{ key: "burst", count: 7, lastRequest: START }]);
    vi.setSystemTime(START + 9_001);
    expect(await consume()).toEqual({ allowed: false, retryAfter: 1 });
    expect(await rows()).toEqual(before);
  });

  it("look for idle ones only up to a time: for Convex NaN is after all others", async () => {
    const read: string[] = [];
    // A fake, because `convex-test` takes NaN for less than nothing.
    const query = {
      withIndex(index: string) {
        read.push(index);
        return Object.assign([], { first: () => Promise.resolve(null) });
      },
    };
    const db = { query: () => query, insert: () => Promise.resolve() };
    const begin = async (window: number): Promise<Set<string>> => {
      read.length = 0;
      const consumption = { key: "k", window, max: 1, keep: 0 };
      for (let n = 0; n < 200; n += 1) await consumeRate({ db: db as never }, consumption);
      return new Set(read);
    };
    expect(await begin(10)).toEqual(new Set(["by_key", "by_lastRequest"]));
    expect(await begin(NaN)).toEqual(new Set(["by_key"]));
    expect(await begin(Infinity)).toEqual(new Set(["by_key"]));
  });
});
