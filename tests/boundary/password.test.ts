/** Better Auth's password hash in wasm: the same hashes as Better Auth's own functions, in one memory that is wiped. */
import * as betterAuth from "better-auth/crypto";
import fc from "fast-check";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { verifyAnyPassword } from "../../js/password/any.js";
import { hashPassword, verifyPassword } from "../../js/password/hash.js";
import { verify } from "../../js/wasm/password.js";

// By Better Auth 1.7.25. The password has a letter that NFKC writes otherwise.
const password = "correct ﬁsh";
const known =
  "00112233445566778899aabbccddeeff:b811e2c8e3531b9ec4d1747a06ec2d4c36a7604e9411dbf8421d31006d5aa68fb3768458619cc873cbaeddcfe026f7f0087ffd6bb389d2ab0b8186d50872d767";

const MOST_BYTES = 33.1 * 1024 * 1024;
const memories: WeakRef<WebAssembly.Memory>[] = [];

// Replaced by hand: a spy would hold on to what it gave.
const { Instance } = WebAssembly;
function instantiate(
  module: WebAssembly.Module,
  imports?: WebAssembly.Imports,
): WebAssembly.Instance {
  const instance = new Instance(module, imports);
  memories.push(new WeakRef(instance.exports["memory"] as WebAssembly.Memory));
  return instance;
}
function replaceInstance(by: typeof instantiate): void {
  WebAssembly.Instance = by as unknown as typeof Instance;
}

beforeEach(() => {
  memories.length = 0;
  replaceInstance(function (module, imports) {
    return instantiate(module, imports);
  });
});
afterEach(() => {
  WebAssembly.Instance = Instance;
  vi.restoreAllMocks();
});

const used = (): (WebAssembly.Memory | undefined)[] => [
  ...new Set(memories.map((memory) => memory.deref())),
];
const isWiped = (memory: WebAssembly.Memory | undefined): boolean =>
  memory !== undefined && new Uint8Array(memory.buffer).every((byte) => byte === 0);
const instances = (): number => memories.length;

async function collect(): Promise<void> {
  setFlagsFromString("--expose-gc");
  // What a WeakRef gave stays until the job is over.
  await new Promise((resolve) => setTimeout(resolve));
  (runInNewContext("gc") as () => void)();
}

describe("hashes are Better Auth's", () => {
  it("a known one verifies, and its parts are what Better Auth reads", async () => {
    const [salt = "", key = ""] = known.split(":");
    const answers: Record<string, boolean> = {};
    for (const [name, hash] of Object.entries({
      known,
      "with a third part": `${known}:more`,
      "in capitals": `${salt}:${key.toUpperCase()}`,
      "a digit less": known.slice(0, -1),
      "another salt": `${salt.toUpperCase()}:${key}`,
    })) {
      answers[name] = await verifyPassword({ hash, password });
      expect(await betterAuth.verifyPassword({ hash, password }), name).toBe(answers[name]);
    }
    expect(answers).toEqual({
      known: true,
      "with a third part": true,
      "in capitals": false,
      "a digit less": false,
      "another salt": false,
    });
    expect(await verifyPassword({ hash: known, password: password.normalize("NFKC") })).toBe(true);
    expect(instances()).toBe(6);
  });

  // Better Auth's own hash is slow in JavaScript: on a busy machine sixteen of them take their time.
  it("whatever the password, both ways", { timeout: 60_000 }, async () => {
    const passwords = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc.constant("\ud800x"),
    );
    await fc.assert(
      fc.asyncProperty(passwords, fc.string({ minLength: 1 }), async (right, more) => {
        const mine = await hashPassword(right);
        expect(mine).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
        expect(await betterAuth.verifyPassword({ hash: mine, password: right })).toBe(true);
        const theirs = await betterAuth.hashPassword(right);
        expect(await verifyPassword({ hash: theirs, password: right })).toBe(true);
        expect(await verifyPassword({ hash: theirs, password: right + more })).toBe(
          await betterAuth.verifyPassword({ hash: theirs, password: right + more }),
        );
      }),
      { numRuns: 4 },
    );
  });

  it.each(["", "abc", ":", "salt:", ":key"])("what is none fails as there: %j", async (hash) => {
    const theirs = await betterAuth
      .verifyPassword({ hash, password })
      .catch((error: unknown) => error);
    expect(theirs).toBeInstanceOf(Error);
    await expect(verifyPassword({ hash, password })).rejects.toThrow(theirs as Error);
    expect(instances()).toBe(0);
  });
});

describe("memory", () => {
  it("is one for all calls, below half of what Convex allows, and all zero after each", async () => {
    await Promise.all([hashPassword(password), verifyPassword({ hash: known, password })]);
    await hashPassword(password);
    expect(instances()).toBe(3);
    const [memory, ...others] = used();
    expect(others).toEqual([]);
    expect(memory?.buffer.byteLength).toBeLessThan(MOST_BYTES);
    expect(isWiped(memory)).toBe(true);
  });

  it("is the same for other systems' hashes, which are hashed anew in the same request", async () => {
    const bcrypt = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
    const argon2id = "$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";
    await collect();
    memories.length = 0;
    for (const hash of [bcrypt, known, argon2id]) await verifyAnyPassword({ hash, password: "a" });
    expect(await verifyAnyPassword({ hash: bcrypt, password: "a" })).toBe(true);
    expect(await verifyPassword({ hash: known, password })).toBe(true);
    expect(instances()).toBe(5);
    const [memory, ...others] = used();
    expect(others).toEqual([]);
    expect(isWiped(memory)).toBe(true);
    // The largest that is taken, and what is beside it.
    expect(memory?.buffer.byteLength).toBeLessThan(48 * 1024 * 1024);
    await collect();
  });

  it("is given back", async () => {
    await hashPassword(password);
    await collect();
    expect(used()).toEqual([undefined]);
  });

  it("is wiped after a trap too, and the next call works", async () => {
    let traps = 1;
    replaceInstance(function (module, imports) {
      const instance = instantiate(module, imports);
      const trap = (): never => {
        throw new WebAssembly.RuntimeError("unreachable");
      };
      return traps-- > 0 ? { exports: { ...instance.exports, verify: trap } } : instance;
    });
    const [salt = "", key = ""] = known.split(":");
    const attempt = (): unknown => verify(password.normalize("NFKC"), salt, key);
    expect(attempt).toThrow(expect.objectContaining({ code: "INTERNAL_FAULT" }) as Error);
    const [memory] = used();
    expect(isWiped(memory)).toBe(true);
    expect(attempt()).toBe(true);
  });
});

it("without SIMD Better Auth's own functions do it", async () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const hash = await hashPassword(password);
  expect(await verifyPassword({ hash, password })).toBe(true);
  expect(instances()).toBe(0);
});
