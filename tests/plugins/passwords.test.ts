/** Which functions `convex()` gives Better Auth to hash and verify with. */
import {
  hashPassword as hashInJavaScript,
  verifyPassword as verifyInJavaScript,
} from "better-auth/crypto";
import { haveIBeenPwned } from "better-auth/plugins";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hashPassword } from "../../js/password/hash.js";
import * as wasm from "../../js/wasm/password.js";
import { createApp, plainPasswords } from "./support/app.js";
import type { AppOptions } from "./support/app.js";

// The real module, counted.
vi.mock("../../js/wasm/password.js", async (original) => {
  const { hash, verify } = await original<typeof wasm>();
  return { hash: vi.fn(hash), verify: vi.fn(verify) };
});
beforeEach(() => {
  vi.clearAllMocks();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const realHashes = { emailAndPassword: { enabled: true } };
const password = "correct horse battery";
const email = "ada@example.com";

const counts = (): [hashed: number, verified: number] => [
  vi.mocked(wasm.hash).mock.calls.length,
  vi.mocked(wasm.verify).mock.calls.length,
];
const passwordsOf = async (app: AppOptions) => (await createApp(app).auth.$context).password;

it("sign-up hashes, sign-in verifies, and who is unknown costs a hash as well", async () => {
  const { auth, tables } = createApp({ options: realHashes });
  await auth.api.signUpEmail({ body: { email, password, name: "Ada" } });
  expect(counts()).toEqual([1, 0]);
  const [account] = tables["account"] ?? [];
  expect(await verifyInJavaScript({ hash: String(account?.["password"]), password })).toBe(true);

  const signIn = (body: { email: string; password: string }) => auth.api.signInEmail({ body });
  await signIn({ email, password });
  expect(counts()).toEqual([1, 1]);
  await expect(signIn({ email, password: "another one" })).rejects.toThrow(
    "Invalid email or password",
  );
  expect(counts()).toEqual([1, 2]);
  await expect(signIn({ email: "nobody@example.com", password })).rejects.toThrow(
    "Invalid email or password",
  );
  expect(counts()).toEqual([2, 2]);
});

it("a hash that Better Auth made verifies", async () => {
  const app = createApp({ options: realHashes });
  await app.auth.api.signUpEmail({ body: { email, password, name: "Ada" } });
  const [account] = app.tables["account"] ?? [];
  if (account) account["password"] = await hashInJavaScript(password);
  expect((await app.auth.api.signInEmail({ body: { email, password } })).user.email).toBe(email);
  expect(counts()).toEqual([1, 1]);
});

it("the app's own functions stay, each for itself", async () => {
  const own = await passwordsOf({
    options: { emailAndPassword: { enabled: true, password: plainPasswords } },
  });
  expect([own.hash, own.verify]).toEqual([plainPasswords.hash, plainPasswords.verify]);
  const half = await passwordsOf({
    options: { emailAndPassword: { enabled: true, password: { verify: plainPasswords.verify } } },
  });
  expect([half.hash, half.verify]).toEqual([hashPassword, plainPasswords.verify]);
});

it.each([
  ["after convex()", true, 1],
  // It holds Better Auth's function already. The check counts more than the time.
  ["before convex()", false, 0],
])(
  "a plugin that checks passwords before they are hashed keeps its check: %s",
  async (_, convexFirst, hashes) => {
    const fetched = vi.fn(async () => new Response("0000:1"));
    vi.stubGlobal("fetch", fetched);
    const { auth } = createApp({ options: realHashes, plugins: [haveIBeenPwned()], convexFirst });
    await auth.api.signUpEmail({ body: { email, password, name: "Ada" } });
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(counts()).toEqual([hashes, 0]);
    await auth.api.signInEmail({ body: { email, password } });
    expect(counts()).toEqual([hashes, 1]);
  },
);
