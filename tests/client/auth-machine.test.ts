import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../js/client/answers.js";
import { meaningOf } from "../../js/client/answers.js";
import type { AuthEvent, AuthState } from "../../js/client/auth-machine.js";
import { initialAuthState, sessionIn, step } from "../../js/client/auth-machine.js";
import { readSnapshot } from "../../js/client/session-snapshot.js";
import { sessionIdOf } from "../../js/client/token-expiry.js";
import { isUnnamed, sessionOfUser } from "../../js/client/session-name.js";
import { reasonOf } from "../../js/client/trouble.js";
import { tokenOf } from "./support/jwt.js";

// Of some sessions the app tells no id.
const session = fc.constantFrom("a", "b", "c", sessionOfUser("user"), sessionOfUser("other"));
const named = fc.constantFrom("a", "b", "c");
const nothing = fc.constantFrom<Answer<never>>({ kind: "signedOut" }, { kind: "failed" });
const sessionAnswer: fc.Arbitrary<Answer<string>> = fc.oneof(
  session.map((value): Answer<string> => ({ kind: "value", value })),
  nothing,
);
const tokenAnswer: fc.Arbitrary<Answer<string>> = fc.oneof(
  named.map((value): Answer<string> => ({ kind: "value", value: tokenOf(value) })),
  nothing,
);
const event: fc.Arbitrary<AuthEvent> = fc.oneof(
  sessionAnswer.map((answer): AuthEvent => ({ type: "session", answer })),
  fc
    .record({ answer: tokenAnswer, asked: fc.option(session) })
    .map(({ answer, asked }): AuthEvent => ({ type: "token", answer, asked })),
  fc.boolean().map((lost): AuthEvent => ({ type: "convex", lost })),
  fc.boolean().map((down): AuthEvent => ({ type: "socket", down })),
  fc.constant<AuthEvent>({ type: "stuck" }),
  fc.boolean().map((is): AuthEvent => ({ type: "leaving", is })),
);

function run(
  events: AuthEvent[],
  check: (before: AuthState, e: AuthEvent, after: AuthState) => void,
) {
  let state = initialAuthState(null, 0);
  for (const each of events) {
    const after = step(state, each);
    check(state, each, after);
    state = after;
  }
}

describe("the state machine", () => {
  it("signs out for no other reason than an answer that says so", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        run(events, (before, e, after) => {
          if (after.session.status !== "signedOut" || before.session.status === "signedOut") return;
          expect("answer" in e ? e.answer.kind : e.type).toBe("signedOut");
          // A token endpoint speaks for the session that it was asked about, and for no other.
          if (e.type === "token") expect(e.asked).toBe(sessionIn(before));
        });
      }),
      { numRuns: 5_000 },
    );
  });

  it("never holds a token of another session, and none when signed out", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        run(events, (before, e, after) => {
          if (after.token === null) return;
          const current = sessionIn(after);
          if (current === null || !isUnnamed(current))
            expect(sessionIdOf(after.token)).toBe(current);
          // Whose it is, is not told: then it is the answer to a question about this session.
          else if (after.token !== before.token && e.type === "token")
            expect(e.asked).toBe(current);
          else expect(sessionIn(before)).toBe(current);
        });
      }),
      { numRuns: 5_000 },
    );
  });

  it("never goes back to not knowing, nor to a session that a 401 ended, and is quiet about no change", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        run(events, (before, e, after) => {
          if (before.session.status !== "unknown") expect(after.session.status).not.toBe("unknown");
          if (after.endedSessionId !== null)
            expect(sessionIn(after)).not.toBe(after.endedSessionId);
          expect(step(after, e)).toEqual(after);
          if (JSON.stringify(after) === JSON.stringify(before)) expect(after).toBe(before);
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("is degraded after a failure and not after an answer", () => {
    let state = step(initialAuthState(tokenOf("a"), Date.now()), {
      type: "session",
      answer: { kind: "failed" },
    });
    expect([state.session.status, reasonOf(state.trouble)]).toEqual(["signedIn", "unreachable"]);
    state = step(state, { type: "session", answer: { kind: "value", value: "a" } });
    expect(reasonOf(state.trouble)).toBeNull();
  });
});

describe("what a session store shows", () => {
  const settled = { isPending: false, isRefetching: false, error: null };
  it.each([
    ["an empty answer", { ...settled, data: null }, "signedOut"],
    ["a session that is null", { ...settled, data: { session: null, user: null } }, "signedOut"],
    ["a session", { ...settled, data: { session: { id: "a" } } }, "value"],
    [
      "a user without a session, as customSession may answer",
      { ...settled, data: { user: { id: "u" } } },
      "value",
    ],
    [
      "a user without an id",
      { ...settled, data: { user: { name: "Ada" }, session: null } },
      "value",
    ],
    ["neither user nor session", { ...settled, data: { user: null, session: null } }, "signedOut"],
    ["a user that is no object", { ...settled, data: { user: "Ada" } }, "failed"],
    ["a page of HTML", { ...settled, data: "<html>" }, "failed"],
    ["another JSON", { ...settled, data: { ok: true } }, "failed"],
    ["nothing", { ...settled, data: undefined }, "failed"],
    ["401", { ...settled, data: null, error: { status: 401 } }, "signedOut"],
    ["403", { ...settled, data: null, error: { status: 403 } }, "failed"],
    [
      "500 beside older data",
      { ...settled, data: { session: { id: "a" } }, error: { status: 500 } },
      "failed",
    ],
    ["a network error", { ...settled, data: null, error: {} }, "failed"],
    ["a first request", { ...settled, data: null, isPending: true }, undefined],
    ["a further request", { ...settled, data: null, isRefetching: true }, undefined],
  ])("%s", (_name, snapshot, kind) => {
    expect(readSnapshot(snapshot).answer?.kind).toBe(kind);
  });
});

describe("Retry-After", () => {
  const after = (value: string, name = "retry-after") =>
    meaningOf({ status: 429, headers: new Headers({ [name]: value }) }, 0);
  it.each([
    ["30", 30_000],
    [new Date(45_000).toUTCString(), 45_000],
    ["999999", 300_000],
  ])("%s", (text, ms) => {
    expect(after(text)).toEqual({ kind: "failed", status: 429, retryAfterMs: ms });
  });

  it("of Better Auth's rate limiter is heeded", () => {
    expect(after("7", "x-retry-after")).toMatchObject({ retryAfterMs: 7_000 });
  });

  it.each(["soon", "", "-1"])("%j says nothing", (text) => {
    expect(after(text)).toEqual({ kind: "failed", status: 429 });
  });
});
