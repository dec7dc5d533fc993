/** Facts as they are noted, and whether they still hold. */
import { readEnv } from "../../auth-config/env.js";
import type { LaneFacts } from "../../plugins/convex/lane-facts.js";

/**
 * Facts are noted anew after this time, in ms. A push and a changed variable end them at once; the time is for what neither
 * tells: options that an app makes of the clock, or of a variable that a module of `http.ts` itself reads at its top.
 */
const FACTS_LIFE_MS = 600_000;

/** Facts with what they depend on. */
export interface NotedFacts {
  /** The push that the routes belong to. */
  readonly push: string;
  /** The names of the variables that were read while Better Auth was made. */
  readonly variables: readonly string[];
  /** A keyed digest of their values. */
  readonly digest: string;
  /** null where every request goes the full way. */
  readonly facts: LaneFacts | null;
}

/** The facts in a row, if they hold for this push, these variables and this time (ms); undefined where they do not. */
export async function heldFacts(
  row: { readonly text: string; readonly notedAt: number } | null,
  push: string,
  key: CryptoKey,
  now: number,
): Promise<NotedFacts | undefined> {
  if (row === null || !(Math.abs(now - row.notedAt) < FACTS_LIFE_MS)) return undefined;
  const noted = JSON.parse(row.text) as NotedFacts;
  if (noted.push !== push) return undefined;
  return noted.digest === (await digestOf(noted.variables, key)) ? noted : undefined;
}

/** A digest of variables, of no use to whoever does not know the app's secret. */
export async function digestOf(variables: readonly string[], key: CryptoKey): Promise<string> {
  const values = variables.map((name) => [name, readEnv(name) ?? null]);
  const bytes = new TextEncoder().encode(`fast lane ${JSON.stringify(values)}`);
  return base64(await crypto.subtle.sign("HMAC", key, bytes));
}

/** The app's secret as a key: it signs cookies (Better Auth 1.7), and the digest above. */
export function secretKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
