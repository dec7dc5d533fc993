/**
 * Better Auth's own password hash (1.7), in Rust: scrypt with N = 16384, r = 16, p = 1 and 64 bytes over the password in
 * NFKC, as `salt:key` in hex. What is hashed here verifies with Better Auth's own functions, and the reverse.
 */
import {
  hashPassword as hashInJavaScript,
  verifyPassword as verifyInJavaScript,
} from "better-auth/crypto";
import type * as Wasm from "../wasm/password.js";
import { hasSimd } from "../wasm/simd.js";

const SALT_BYTES = 16;

/** Hashes a password with a new salt. Takes Better Auth's own function where wasm is not to be had. */
export async function hashPassword(password: string): Promise<string> {
  const wasm = await loadWasm();
  if (!wasm) return hashInJavaScript(password);
  const salt = hex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  return `${salt}:${wasm.hash(password.normalize("NFKC"), salt)}`;
}

/**
 * Whether `hash` was made of `password`. Takes Better Auth's own function where wasm is not to be had.
 *
 * @throws Error of Better Auth when `hash` has no salt or no key.
 */
export async function verifyPassword({
  hash,
  password,
}: {
  readonly hash: string;
  readonly password: string;
}): Promise<boolean> {
  // As Better Auth reads it: a third part means nothing.
  const [salt, key] = hash.split(":");
  const wasm = salt && key ? await loadWasm() : undefined;
  if (!wasm || !salt || !key) return verifyInJavaScript({ hash, password });
  return wasm.verify(password.normalize("NFKC"), salt, key);
}

/**
 * The module, when it is first needed: a chunk of its own in a bundle. None without SIMD, and none in a Convex query or
 * mutation, which refuse every dynamic import (1.48).
 */
async function loadWasm(): Promise<typeof Wasm | undefined> {
  if (!hasSimd()) return undefined;
  try {
    return await import("../wasm/password.js");
  } catch {
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
