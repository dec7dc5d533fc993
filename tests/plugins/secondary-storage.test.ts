/** With a `secondaryStorage` a session lives exactly as long as its row. */
import type { BetterAuthOptions } from "better-auth";
import { describe, expect, it } from "vitest";
import { createClient } from "../../js/server/index.js";
import { createComponentApp } from "../support/component-app.js";

/** As a client of Redis would be: a class whose methods need their `this`. */
class Memory {
  readonly #kept = new Map<string, string>();
  get kept(): ReadonlyMap<string, string> {
    return this.#kept;
  }
  get(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  getAndDelete(key: string): string | null {
    const value = this.get(key);
    this.#kept.delete(key);
    return value;
  }
  set(key: string, value: string): void {
    this.#kept.set(key, value);
  }
  delete(key: string): void {
    this.#kept.delete(key);
  }
  increment(key: string): number {
    const count = Number(this.get(key) ?? 0) + 1;
    this.set(key, String(count));
    return count;
  }
}

function appWith(storage: Memory, options: BetterAuthOptions = {}) {
  return createComponentApp({
    options: {
      secondaryStorage: storage,
      session: { storeSessionInDatabase: true },
      rateLimit: { enabled: true, window: 60, max: 1000 },
      ...options,
    },
    // A plugin before convex() that changes options, as many do: Better Auth copies them then.
    plugins: [
      { id: "earlier", init: () => ({ options: { user: { changeEmail: { enabled: true } } } }) },
    ],
  });
}

async function userOf(browser: ReturnType<ReturnType<typeof appWith>["browser"]>) {
  const session = (await (await browser.request("/get-session")).json()) as {
    user: { email: string };
    session: { id: string; token: string };
  } | null;
  return session;
}

describe("a secondary storage", () => {
  it("gets no sessions, and a deleted row ends one for Better Auth too", async () => {
    const storage = new Memory();
    const app = appWith(storage);
    const [ada, other] = [app.browser(), app.browser()];
    await ada.signUp("ada@example.com");
    await other.request("/sign-in/email", {
      body: { email: "ada@example.com", password: "correct horse battery" },
    });
    const [mine, theirs] = [await userOf(ada), await userOf(other)];
    expect([mine?.user.email, theirs?.user.email]).toEqual(["ada@example.com", "ada@example.com"]);
    expect(await (await ada.request("/list-sessions")).json()).toHaveLength(2);
    expect([...storage.kept].join()).not.toContain(mine?.session.token);

    const client = createClient(app.harness.component);
    const id = mine?.session.id ?? "";
    await app.harness.t.action(async (ctx) => client.revokeSession(ctx, id));
    expect(await userOf(ada)).toBeNull();
    expect(await userOf(other)).not.toBeNull();
    const userId = (await app.rows("user"))[0]?.["id"] as string;
    await app.harness.t.action(async (ctx) => client.revokeUserSessions(ctx, userId));
    expect(await userOf(other)).toBeNull();
  });

  it("is not believed about sessions that it holds from before", async () => {
    const storage = new Memory();
    const app = appWith(storage);
    const ada = app.browser();
    await ada.signUp("ada@example.com");
    const found = await userOf(ada);
    if (!found) throw new Error("nobody");
    storage.set(found.session.token, JSON.stringify(found));
    expect(await userOf(ada)).not.toBeNull();
    await ada.request("/sign-out", { body: {} });
    storage.set(found.session.token, JSON.stringify(found));
    await app.harness.t.action(async (ctx) =>
      createClient(app.harness.component).revokeSession(ctx, found.session.id),
    );
    const { internalAdapter } = await app.auth().$context;
    expect(await internalAdapter.findSession(found.session.token)).toBeNull();
  });

  it("still counts requests and keeps verifications", async () => {
    const storage = new Memory();
    const app = appWith(storage);
    await app.browser().signUp("ada@example.com");
    expect([...storage.kept.keys()].some((key) => key.includes("|"))).toBe(true);
    const { internalAdapter } = await app.auth().$context;
    const expiresAt = new Date(Date.now() + 60_000);
    await internalAdapter.createVerificationValue({ identifier: "code", value: "1", expiresAt });
    expect(await internalAdapter.findVerificationValue("code")).toMatchObject({ value: "1" });
    expect([...storage.kept.keys()].some((key) => key.startsWith("verification:"))).toBe(true);
    expect(await app.rows("rateLimit")).toEqual([]);
  });

  it.each<[string, BetterAuthOptions, string]>([
    ["sessions that are not in the database", { session: {} }, "storeSessionInDatabase: true"],
    [
      "rows that outlive their sessions",
      { session: { storeSessionInDatabase: true, preserveSessionInDatabase: true } },
      "leave session.preserveSessionInDatabase out",
    ],
  ])("is refused with %s", async (_name, options, advice) => {
    const app = appWith(new Memory(), options);
    await expect(app.auth().$context).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining(advice) as string,
    });
  });
});

it.each(["token", "userId"])("the session's `%s` keeps its name", async (field) => {
  const app = createComponentApp({ options: { session: { fields: { [field]: "other" } } } });
  await expect(app.auth().$context).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining(`leave session.fields.${field} out`) as string,
  });
});
