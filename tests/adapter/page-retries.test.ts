/** Pages of one work, refused for want of room: what has begun is ended, where it can be, and what has not is refused soon. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createComponentStore } from "../../js/adapter/index.js";
import { createSessionClient } from "../../js/server/session-client.js";

const TEXTS = {
  writes:
    "Too many writes per second. Your deployment is limited to 4 MiB bytes written per 1 second.",
  conflict:
    'Documents read from or written to the "t" table changed while this mutation was being run',
  other: "Too many writes in a single function execution (limit: 16000)",
};

/** A component whose every write takes three pages, with refusals of one of them; a fake, since the real one has room. */
function refusing(page: string, text: keyof typeof TEXTS, times: number) {
  let refusals = 0;
  let calls = 0;
  const runMutation = (_reference: unknown, args: unknown): Promise<unknown> => {
    calls += 1;
    const { page: asked } = args as { page: string };
    if (asked === page && (refusals += 1) <= times) return Promise.reject(new Error(TEXTS[text]));
    const next = { "": "1", "1": "2" }[asked];
    return Promise.resolve(next === undefined ? 1 : { part: 1, next });
  };
  const component = {
    gate: { updateMany: "updateMany", revokeUserSessions: "revokeUserSessions" },
  } as unknown as ComponentApi;
  const ctx = { runQuery: () => Promise.resolve(null), runMutation, runAction: true };
  const work = {
    updateMany: () =>
      createComponentStore(component, ctx).run("updateMany", { model: "t", where: [], update: {} }),
    revokeUserSessions: () => createSessionClient(component).revokeUserSessions(ctx as never, "u"),
  };
  return { work, calls: () => calls };
}

// Pauses are drawn between nothing and a bound.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

describe.each(["updateMany", "revokeUserSessions"] as const)("%s", (name) => {
  it("goes on after a page was refused eleven times for what others write", async () => {
    const { work, calls } = refusing("1", "writes", 11);
    expect(await work[name]()).toBe(3);
    expect(calls()).toBe(14);
  });

  it("ends when a page is refused twelve times", async () => {
    const { work, calls } = refusing("1", "writes", 12);
    await expect(work[name]()).rejects.toThrow(/Too many/);
    expect(calls()).toBe(13);
  });

  it("is refused after four calls where it had not begun", async () => {
    const { work, calls } = refusing("", "writes", 4);
    await expect(work[name]()).rejects.toThrow(/Too many/);
    expect(calls()).toBe(4);
  });

  it("goes on after others changed what a page read", async () => {
    const { work, calls } = refusing("1", "conflict", 7);
    expect(await work[name]()).toBe(3);
    expect(calls()).toBe(10);
  });

  it("is not tried again for another limit of Convex", async () => {
    const { work, calls } = refusing("1", "other", 1);
    await expect(work[name]()).rejects.toThrow(
      name === "updateMany" ? "this is more than one transaction of Convex may do" : TEXTS.other,
    );
    expect(calls()).toBe(2);
  });
});
