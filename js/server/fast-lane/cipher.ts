/** Decrypts what Better Auth (1.7, `symmetricEncrypt`) encrypted under one secret: XChaCha20-Poly1305, the nonce in front. */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hexToBytes } from "@noble/ciphers/utils.js";

const NONCE_BYTES = 24;

/** The text in `hex`. Throws for what was encrypted otherwise. */
export async function decrypt(secret: string, hex: string): Promise<string> {
  const bytes = hexToBytes(hex);
  const key = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  const cipher = xchacha20poly1305(new Uint8Array(key), bytes.subarray(0, NONCE_BYTES));
  return new TextDecoder().decode(cipher.decrypt(bytes.subarray(NONCE_BYTES)));
}
