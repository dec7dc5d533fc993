/** Key sets: those of `data:` URIs, and those that are fetched and kept for as long as they say. */
import type { JSONWebKeySet } from "jose";
import { TokenRefused } from "./refusal.js";

const JWKS_TYPES = ["application/json", "application/jwk-set+json"];

/** A function that gives the key set at a URI. An answer is kept for its `max-age`, also one that is of no use. */
export function createKeySets(): (jwks: string) => Promise<JSONWebKeySet> {
  const cache = new Map<string, { answer: JwksAnswer; staleAt: number }>();
  return async (jwks) => {
    if (jwks.startsWith("data:")) return parseKeySet(fromDataUri(jwks), jwks);
    const cached = cache.get(jwks);
    if (cached && cached.staleAt > Date.now()) return readAnswer(cached.answer, jwks);
    const { answer, maxAgeS } = await ask(jwks);
    cache.set(jwks, { answer, staleAt: Date.now() + maxAgeS * 1000 });
    return readAnswer(answer, jwks);
  };
}

async function ask(jwks: string): Promise<{ answer: JwksAnswer; maxAgeS: number }> {
  const response = await fetch(jwks).catch((error: unknown) => {
    throw new TokenRefused(
      `Could not fetch JWKS from URL '${jwks}': ${(error as Error).message}. Check that the URL is correct and accessible.`,
    );
  });
  const { status, statusText, headers } = response;
  const type = headers.get("content-type") ?? "unknown";
  const maxAge = /max-age=(\d+)/.exec(headers.get("cache-control") ?? "")?.[1];
  const answer = { status, statusText, type, text: await response.text() };
  return { answer, maxAgeS: Number(maxAge ?? 0) };
}

/** What a JWKS URL answered. */
interface JwksAnswer {
  status: number;
  statusText: string;
  type: string;
  text: string;
}

function readAnswer({ status, statusText, type, text }: JwksAnswer, jwks: string): JSONWebKeySet {
  if (status !== 200) {
    throw new TokenRefused(
      `Could not fetch JWKS from URL '${jwks}': HTTP ${String(status)} ${statusText}. Check that the URL is correct and accessible.`,
    );
  }
  const [mime = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((each) => /^charset="?utf-8"?$/.test(each));
  if (!JWKS_TYPES.includes(mime) || !isUtf8) {
    throw new TokenRefused(
      `Invalid Content-Type '${type}' when fetching JWKS from '${jwks}'. Expected 'application/json' or 'application/jwk-set+json'.`,
    );
  }
  return parseKeySet(text, jwks);
}

function fromDataUri(uri: string): string {
  const comma = uri.indexOf(",");
  const body = uri.slice(comma + 1);
  return uri.slice(0, comma).endsWith(";base64")
    ? Buffer.from(body, "base64").toString("utf8")
    : decodeURIComponent(body);
}

/** The whole set has to be readable: one strange entry spoils it. */
function parseKeySet(text: string, jwks: string): JSONWebKeySet {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown }).keys;
  } catch {
    // Falls through to the refusal.
  }
  if (
    !Array.isArray(keys) ||
    !keys.every(
      ({ kty }: { kty?: unknown }) =>
        kty === "RSA" || kty === "EC" || kty === "OKP" || kty === "oct",
    )
  ) {
    throw new TokenRefused(
      `Invalid JWKS response body from '${jwks}'. The response is not valid JSON or doesn't match the expected JWKS format.`,
    );
  }
  return { keys } as JSONWebKeySet;
}
