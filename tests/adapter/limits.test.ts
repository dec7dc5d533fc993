/** What Convex cannot hold is refused with a code, and as early as it can be known. */
import type { BetterAuthOptions } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { isGateError } from "../../js/errors/index.js";
import { createComponentApp } from "../support/component-app.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

let harness: ComponentHarness;
const make = (options: BetterAuthOptions = {}): DBAdapter =>
  createConvexGateAdapter({ store: harness.store() })(options);

beforeEach(() => {
  harness = createComponentHarness();
});

describe("a name that Convex does not accept", () => {
  const invalid = [
    ["_mail", "of Convex's own"],
    ["$mail", "with a dollar"],
    ["e-mail", "with a hyphen"],
    ["größe", "of another alphabet"],
    ["1st", "with a digit first"],
    ["x".repeat(65), "of 65 letters"],
    ["id,token", "of two fields"],
  ] as const;

  it.each(invalid)("is refused when the adapter is made: %s, %s", (name) => {
    const options: [BetterAuthOptions, object][] = [
      [{ user: { fields: { email: name } } }, { name, model: "user", field: "email" }],
      [{ account: { modelName: name } }, { name, model: "account" }],
      [
        { session: { additionalFields: { [name]: { type: "string" } } } },
        { name, model: "session", field: name },
      ],
      [{ plugins: [{ id: "own", schema: { [name]: { fields: {} } } }] }, { name, model: name }],
      [
        { plugins: [{ id: "own", schema: { own: { modelName: name, fields: {} } } }] },
        { name, model: "own" },
      ],
    ];
    for (const [option, meta] of options) {
      expect(() => make(option)).toThrow(
        expect.objectContaining({ code: "INVALID_NAME", meta }) as Error,
      );
    }
    expect(harness.calls).toEqual([]);
  });

  it("is not asked for where the table keeps its own name, and others are taken", () => {
    // The component's tables of users and sessions are not renamed, whatever the app calls its models.
    expect(() => make({ user: { modelName: "_users" } })).not.toThrow();
    const options = { account: { modelName: "x".repeat(64), fields: { userId: "user_id_2" } } };
    expect(() => make(options)).not.toThrow();
  });
});

describe("a value that is undefined", () => {
  const args = { model: "user", where: [{ field: "email", value: undefined as never }] };
  const refused = { code: "UNSUPPORTED_VALUE", meta: { field: "email" } };

  it("is no value to compare with, in no method", async () => {
    const adapter = make();
    await expect(adapter.findOne(args)).rejects.toMatchObject(refused);
    await expect(adapter.findMany(args)).rejects.toMatchObject(refused);
    await expect(adapter.count(args)).rejects.toMatchObject(refused);
    await expect(adapter.update({ ...args, update: { name: "x" } })).rejects.toMatchObject(refused);
    await expect(adapter.deleteMany(args)).rejects.toMatchObject(refused);
    await expect(adapter.delete(args)).rejects.toMatchObject(refused);
    await expect(adapter.consumeOne(args)).rejects.toMatchObject(refused);
    const list = [{ field: "email", operator: "in" as const, value: ["x", undefined as never] }];
    await expect(adapter.count({ model: "user", where: list })).rejects.toMatchObject(refused);
    expect(harness.calls).toEqual([]);
  });

  it("nor in a direct call of the component", async () => {
    const direct = harness.t.action((ctx) =>
      ctx.runMutation(harness.component.adapter.deleteMany, args as never),
    );
    await expect(direct).rejects.toMatchObject({
      data: expect.objectContaining(refused) as object,
    });
  });
});

describe("a row of more than 1 MiB", () => {
  const refused = { code: "VALUE_TOO_LARGE", meta: { model: "user", field: "image" } };
  const user = (image: string): Record<string, unknown> => ({
    name: "Ada",
    email: "ada@example.com",
    emailVerified: true,
    image,
  });

  it("is refused before it is sent, and its field named", async () => {
    const adapter = make();
    const tooLarge = "x".repeat(1 << 20);
    const error: unknown = await adapter
      .create({ model: "user", data: user(tooLarge) })
      .catch((each: unknown) => each);
    expect(error).toMatchObject(refused);
    expect(isGateError(error, "VALUE_TOO_LARGE")).toBe(true);
    expect(String(error)).not.toContain("xxx");
    // Bytes count, and not letters.
    const wide = user("\u{1f600}".repeat(1 << 18));
    await expect(adapter.create({ model: "user", data: wide })).rejects.toMatchObject(refused);
    expect(harness.calls).toEqual([]);

    const { id } = await adapter.create({ model: "user", data: user("x".repeat(1_000_000)) });
    const where = [{ field: "id", value: id }];
    const update = { image: tooLarge };
    for (const change of [
      adapter.update({ model: "user", where, update }),
      adapter.updateMany({ model: "user", where, update }),
      adapter.incrementOne({ model: "user", where, increment: {}, set: update }),
      adapter.transaction((inner) => inner.update({ model: "user", where, update })),
    ])
      await expect(change).rejects.toMatchObject(refused);
  });

  it("is no list of more than 8,192 items either", async () => {
    const adapter = make({ user: { additionalFields: { tags: { type: "string[]" } } } });
    const data = { ...user(""), tags: Array<string>(8_193).fill("x") };
    await expect(adapter.create({ model: "user", data })).rejects.toMatchObject({
      code: "VALUE_TOO_LARGE",
      meta: { field: "tags" },
    });
  });

  it("of a request answers 413 with the code", async () => {
    const app = createComponentApp();
    const browser = app.browser();
    const image = `https://example.com/${"x".repeat(1 << 20)}`;
    const body = { email: "ada@example.com", password: "password-1234", name: "Ada" };
    const signUp = await browser.request("/sign-up/email", { body: { ...body, image } });
    expect(signUp.status).toBe(413);
    expect(await signUp.json()).toMatchObject({ code: "VALUE_TOO_LARGE" });
    expect(await app.rows("user")).toEqual([]);

    await browser.request("/sign-up/email", { body });
    const update = await browser.request("/update-user", { body: { image } });
    expect([update.status, await update.json()]).toMatchObject([413, { code: "VALUE_TOO_LARGE" }]);
  });
});

describe("arguments of more than 16 MiB", () => {
  it("are an error with a code", async () => {
    const long = "x".repeat(3_000);
    const where = [
      { field: "image", operator: "in" as const, value: Array<string>(8_000).fill(long) },
    ];
    await expect(make().count({ model: "user", where })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      meta: { limit: "bytes of arguments" },
    });
  });
});
