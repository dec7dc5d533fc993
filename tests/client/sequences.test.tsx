// @vitest-environment jsdom
import { cleanup } from "@testing-library/react";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FakeAuthClient, Outcome } from "./support/fake-auth-client.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { tokenOf } from "./support/jwt.js";
import { mount, pass } from "./support/mount.js";
import type { RecordingConvex } from "./support/recording-convex.js";
import { recordingConvex } from "./support/recording-convex.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** What the properties went through, for the notes of a run. */
const seen = { sequences: 0, steps: 0, requests: 0, setAuth: 0 };

function count(steps: number, auth: FakeAuthClient, convex: RecordingConvex): void {
  seen.sequences += 1;
  seen.steps += steps;
  seen.requests += auth.requests.session + auth.requests.token;
  seen.setAuth += convex.count("set");
}

afterAll(() => {
  const figures = Object.entries(seen).map(([what, n]) => `${String(n)} ${what}`);
  console.log(`note: sequences of answers to the client: ${figures.join(", ")}`);
});

const RUNS = Number(process.env["CLIENT_RUNS"] ?? 500);
/** The longest that a fetcher may take, see `FETCH_TIMEOUT_MS`. */
const BOUND_MS = 10_000;

const harmless = fc.constantFrom<Outcome>(
  { kind: "ok" },
  { kind: "status", status: 403 },
  { kind: "status", status: 429, retryAfter: "3" },
  { kind: "status", status: 500 },
  { kind: "html" },
  { kind: "network" },
  { kind: "hang" },
);
const any = fc.oneof(
  { weight: 4, arbitrary: harmless },
  { weight: 1, arbitrary: fc.constant<Outcome>({ kind: "empty" }) },
  { weight: 1, arbitrary: fc.constant<Outcome>({ kind: "status", status: 401 }) },
);

type Action =
  | { do: "session"; outcome: Outcome }
  | { do: "token"; outcome: Outcome }
  | { do: "delay"; ms: number }
  | { do: "refresh" }
  | { do: "signal" }
  | { do: "become"; session: string | null }
  | { do: "wait"; ms: number };

const actions = (outcome: fc.Arbitrary<Outcome>): fc.Arbitrary<Action> =>
  fc.oneof(
    fc.record({ do: fc.constant("session" as const), outcome }),
    fc.record({ do: fc.constant("token" as const), outcome }),
    fc.record({ do: fc.constant("delay" as const), ms: fc.constantFrom(0, 10, 3_000, 9_000) }),
    fc.record({ do: fc.constant("refresh" as const) }),
    fc.record({ do: fc.constant("signal" as const) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(0, 5, 500, 5_000, 20_000) }),
  );

const scenario = (outcome: fc.Arbitrary<Outcome>) =>
  fc.record({
    // The answer of an app's `customSession`, which tells a user and no session.
    custom: fc.boolean(),
    ssr: fc.boolean(),
    strict: fc.boolean(),
    reuse: fc.boolean(),
    steps: fc.array(actions(outcome), { maxLength: 14 }),
  });

function clientOf({ custom }: { custom: boolean }): FakeAuthClient {
  const auth = fakeAuthClient("a");
  if (custom) auth.answerOf = () => ({ user: { id: "profile" } });
  return auth;
}

/** Notes how long fetchers take, and what they reject with. */
function watchFetchers(convex: RecordingConvex): { longestMs: number; rejections: unknown[] } {
  const seen = { longestMs: 0, rejections: [] as unknown[] };
  const { setAuth } = convex;
  convex.setAuth = (fetch, ...rest) => {
    setAuth(
      async (options) => {
        const start = Date.now();
        try {
          return await fetch(options);
        } catch (error) {
          seen.rejections.push(error);
          return null;
        } finally {
          seen.longestMs = Math.max(seen.longestMs, Date.now() - start);
        }
      },
      ...rest,
    );
  };
  return seen;
}

async function act(action: Action, auth: FakeAuthClient, convex: RecordingConvex): Promise<void> {
  switch (action.do) {
    case "session":
      auth.sessionOutcome = () => action.outcome;
      return;
    case "token":
      auth.tokenOutcome = () => action.outcome;
      return;
    case "delay":
      auth.delayMs = () => action.ms;
      return;
    case "refresh":
      void convex.refresh();
      return pass(0);
    case "signal":
      void auth.signal();
      return pass(0);
    case "become":
      auth.session = action.session;
      void auth.signal();
      return pass(0);
    case "wait":
      return pass(action.ms);
  }
}

async function heal(auth: FakeAuthClient): Promise<void> {
  auth.sessionOutcome = () => ({ kind: "ok" });
  auth.tokenOutcome = () => ({ kind: "ok" });
  auth.delayMs = () => 10;
  // The longest pause, and a request under way that hangs.
  await pass(1_200_000);
}

it("no fault signs a user out, and every fault is overcome", async () => {
  await fc.assert(
    fc.asyncProperty(scenario(harmless), async ({ custom, ssr, strict, reuse, steps }) => {
      const [convex, auth] = [recordingConvex({ reuse }), clientOf({ custom })];
      auth.tokenLifeS = 3_600;
      const fetchers = watchFetchers(convex);
      const view = mount(convex, auth, {
        strict,
        ...(ssr ? { initialToken: tokenOf("a", 3_600) } : {}),
      });
      for (const step of steps) await act(step, auth, convex);
      await heal(auth);
      // Neither "out" nor a way back: once in, in.
      expect(view.shown).toEqual(["loading", "in"]);
      expect(view.status()).toEqual({ session: "signedIn", degraded: false });
      expect(convex.identity()).not.toBeNull();
      expect(convex.count("clear")).toBe(0);
      expect(convex.count("set")).toBeGreaterThanOrEqual(1);
      expect(convex.count("set")).toBeLessThanOrEqual(1 + steps.length);
      if (steps.every((step) => !("outcome" in step) && step.do !== "delay"))
        expect(convex.count("set")).toBe(1);
      expect(auth.flying.most).toBeLessThanOrEqual(1);
      expect(fetchers.longestMs).toBeLessThanOrEqual(BOUND_MS);
      expect(fetchers.rejections).toEqual([]);
      count(steps.length, auth, convex);
      view.unmount();
      await pass(0);
      expect(convex.count("clear")).toBe(1);
    }),
    { numRuns: RUNS },
  );
}, 1_200_000);

it("only answers that say so sign a user out", async () => {
  await fc.assert(
    fc.asyncProperty(scenario(any), async ({ custom, ssr, strict, reuse, steps }) => {
      const [convex, auth] = [recordingConvex({ reuse }), clientOf({ custom })];
      const fetchers = watchFetchers(convex);
      const view = mount(convex, auth, { strict, ...(ssr ? { initialToken: tokenOf("a") } : {}) });
      for (const step of steps) {
        await act(step, auth, convex);
        const out = view.shown.filter((each) => each === "out").length;
        expect(out).toBeLessThanOrEqual(auth.endings);
        if (view.shown.at(-1) === "out") expect(convex.identity()).toBeNull();
      }
      await heal(auth);
      expect(auth.flying.most).toBeLessThanOrEqual(1);
      expect(fetchers.longestMs).toBeLessThanOrEqual(BOUND_MS);
      expect(fetchers.rejections).toEqual([]);
      count(steps.length, auth, convex);
      view.unmount();
      await pass(0);
    }),
    { numRuns: RUNS },
  );
}, 1_200_000);

it("setAuth is called once for every session, clearAuth once for every end of one", async () => {
  const session = fc.constantFrom("a", "b", "c", null);
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.record({ session, ms: fc.constantFrom(100, 1_000) }), { maxLength: 12 }),
      async (strict, steps) => {
        const [convex, auth] = [recordingConvex(), fakeAuthClient(null)];
        const view = mount(convex, auth, { strict });
        await pass(1_000);
        let [before, sets, clears]: [string | null, number, number] = [null, 0, 0];
        for (const step of steps) {
          await act({ do: "become", session: step.session }, auth, convex);
          await pass(step.ms);
          if (step.session !== before && step.session !== null) sets += 1;
          if (step.session === null && before !== null) clears += 1;
          before = step.session;
          expect(view.shown.at(-1)).toBe(before === null ? "out" : "in");
        }
        expect(convex.count("set")).toBe(sets);
        expect(convex.count("clear")).toBe(clears);
        expect(convex.count("failed")).toBe(0);
        count(steps.length, auth, convex);
        view.unmount();
        await pass(0);
      },
    ),
    { numRuns: RUNS },
  );
}, 1_200_000);
