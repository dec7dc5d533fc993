/** Who comes with a password hash of another system signs in with it once; then it is one of Better Auth's. */
import bcryptjs from "bcryptjs";
import { verifyPassword as verifyInJavaScript } from "better-auth/crypto";
import { twoFactor, username } from "better-auth/plugins";
import { argon2id } from "hash-wasm";
import { expect, it, vi } from "vitest";
import { createApp } from "./support/app.js";
import type { AppOptions } from "./support/app.js";

const password = "correct horse battery";
const email = "ada@example.com";
const realHashes = { emailAndPassword: { enabled: true } };

const bcrypt = () => bcryptjs.hashSync(password, 4);
const argon2 = () =>
  argon2id({
    password,
    salt: new Uint8Array(16),
    iterations: 2,
    parallelism: 1,
    memorySize: 64,
    hashLength: 32,
    outputType: "encoded",
  });

/** An app with one user, whose password another system hashed. */
async function moved(hash: string, options: AppOptions = {}) {
  const app = createApp({ options: realHashes, ...options });
  await app.auth.api.signUpEmail({
    body: { email, password: "another one at first", name: "Ada" },
  });
  const { adapter } = await app.auth.$context;
  const [account = {}] = app.tables["account"] ?? [];
  account["password"] = hash;
  const updates = vi.spyOn(adapter, "updateMany");
  return { ...app, account, updates };
}

it.each([
  ["bcrypt", async () => bcrypt()],
  ["argon2id", argon2],
])("%s: one write more at the first sign-in, none at the second", async (_, make) => {
  const old = await make();
  const { auth, account, updates } = await moved(old);
  const signIn = () => auth.api.signInEmail({ body: { email, password } });

  await expect(auth.api.signInEmail({ body: { email, password: "wrong" } })).rejects.toThrow(
    "Invalid email or password",
  );
  expect(account["password"]).toBe(old);
  expect(updates).not.toHaveBeenCalled();

  expect((await signIn()).user.email).toBe(email);
  expect(updates).toHaveBeenCalledTimes(1);
  const hash = String(account["password"]);
  expect(await verifyInJavaScript({ hash, password })).toBe(true);

  await signIn();
  expect(updates).toHaveBeenCalledTimes(1);
  expect(account["password"]).toBe(hash);
});

it("by user name as well, and where a second factor is asked for", async () => {
  const { auth, account, tables } = await moved(bcrypt(), {
    plugins: [username(), twoFactor()],
  });
  const [user = {}] = tables["user"] ?? [];
  user["username"] = "ada";
  user["twoFactorEnabled"] = true;
  const { signInUsername } = auth.api as unknown as {
    signInUsername: (given: { body: object }) => Promise<unknown>;
  };
  expect(await signInUsername({ body: { username: "ada", password } })).toMatchObject({
    twoFactorRedirect: true,
  });
  expect(await verifyInJavaScript({ hash: String(account["password"]), password })).toBe(true);
});

it("a write that is refused keeps nobody out, and the next sign-in tries again", async () => {
  const old = bcrypt();
  const { auth, account, updates, logs } = await moved(old);
  updates.mockRejectedValueOnce(new Error(`busy with ${old}`));
  const signIn = () => auth.api.signInEmail({ body: { email, password } });
  expect((await signIn()).user.email).toBe(email);
  expect(account["password"]).toBe(old);
  expect(logs.join()).toContain("could not be hashed anew");
  expect(logs.join()).not.toContain(old);
  await signIn();
  expect(account["password"]).not.toBe(old);
});

it("a password that is set meanwhile stays", async () => {
  const { auth, account, updates } = await moved(bcrypt());
  const { adapter } = await auth.$context;
  updates.mockRestore();
  const { updateMany } = adapter;
  vi.spyOn(adapter, "updateMany").mockImplementationOnce((given) => {
    account["password"] = "set meanwhile";
    return updateMany(given);
  });
  await auth.api.signInEmail({ body: { email, password } });
  expect(account["password"]).toBe("set meanwhile");
});

it("the app's own verify is left alone, and what it accepts is not hashed anew", async () => {
  const { auth, account, updates } = await moved(bcrypt(), {
    options: {
      emailAndPassword: { enabled: true, password: { verify: async () => true } },
    },
  });
  const old = account["password"];
  await auth.api.signInEmail({ body: { email, password } });
  expect(account["password"]).toBe(old);
  expect(updates).not.toHaveBeenCalled();
});

it.each([
  ["$6$rounds=5000$salt$abcdef", "PASSWORD_FORM_UNKNOWN: the hash is crypt of Unix"],
  ["abcdef:0123", "PASSWORD_FORM_UNKNOWN: the hash has a form that is not known here"],
  [bcryptjs.hashSync(password, 4).replace("$04$", "$15$"), "PASSWORD_TOO_COSTLY: a bcrypt cost"],
])(
  "a hash that nobody can verify is a wrong password, and the log says why: %s",
  async (hash, why) => {
    const { auth, logs } = await moved(hash);
    await expect(auth.api.signInEmail({ body: { email, password } })).rejects.toMatchObject({
      status: "UNAUTHORIZED",
      body: { code: "INVALID_EMAIL_OR_PASSWORD" },
    });
    expect(logs.join()).toContain(why);
    expect(logs.join()).not.toContain(hash);
    expect(logs.join()).not.toContain(password);
  },
);

it.each(["", "\0anything"])("the hash of an empty password lets nobody in: %j", async (empty) => {
  const { auth, account } = await moved(bcryptjs.hashSync("", 4));
  const old = account["password"];
  await expect(auth.api.signInEmail({ body: { email, password: empty } })).rejects.toMatchObject({
    body: { code: "INVALID_EMAIL_OR_PASSWORD" },
  });
  expect(account["password"]).toBe(old);
});

it("where the app's own hash makes bcrypt, nothing is hashed anew", async () => {
  const { auth, account, updates } = await moved(bcrypt(), {
    options: {
      emailAndPassword: {
        enabled: true,
        password: { hash: async (text: string) => bcryptjs.hashSync(text, 4) },
      },
    },
  });
  const old = account["password"];
  const signIn = () => auth.api.signInEmail({ body: { email, password } });
  expect((await signIn()).user.email).toBe(email);
  expect(updates).not.toHaveBeenCalled();
  expect(account["password"]).toBe(old);
});
