/**
 * The header by which a server of the app tells the deployment whom a request comes from: the address, the time, and an
 * HMAC over both, so that nobody else can write it and nobody can use one for long.
 */

/** The header's name. */
export const CLIENT_IP_HEADER = "x-gate-client-ip";

/** The least length of a secret, in characters. */
export const SHORTEST_PROXY_SECRET = 32;

/** How far the clocks of the server and the deployment may be apart, the time on the way included. */
const FRESH_FOR_MS = 300_000;

/** The secret signs nothing else under this label, whatever else an app uses it for. */
const LABEL = "convex-gate x-gate-client-ip 1";

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
const encoder = new TextEncoder();

/** Signs addresses under one secret; the key is derived once. */
export function clientIpSigner(
  secret: string,
): (ip: string, now?: number) => Promise<string | undefined> {
  let key: Promise<CryptoKey> | undefined;
  return async (text, now = Date.now()) => {
    const ip = plainAddress(text);
    if (ip === null) return undefined;
    key ??= keyOf(secret);
    const signed = `${ip}.${String(now)}`;
    const mac = await crypto.subtle.sign(HMAC, await key, encoder.encode(signed));
    return `${signed}.${toHex(new Uint8Array(mac))}`;
  };
}

/**
 * The value of {@link CLIENT_IP_HEADER} for a request that comes from `ip`; undefined where that is no address.
 * `secret` is the deployment's `PROXY_SECRET`.
 */
export function signClientIp(ip: string, secret: string): Promise<string | undefined> {
  return clientIpSigner(secret)(ip);
}

/** The address in the header's value; null unless it was signed with the secret, within five minutes of `now`. */
export async function readClientIp(
  value: string,
  secret: string,
  now: number = Date.now(),
): Promise<string | null> {
  const [, ip, time, mac] = /^([\da-f.:]{2,45})\.(\d{1,15})\.([\da-f]{64})$/i.exec(value) ?? [];
  if (ip === undefined || time === undefined || mac === undefined) return null;
  if (Math.abs(now - Number(time)) > FRESH_FOR_MS) return null;
  // Takes as long for every HMAC that does not hold.
  const holds = await crypto.subtle.verify(
    HMAC,
    await keyOf(secret),
    fromHex(mac),
    encoder.encode(`${ip}.${time}`),
  );
  return holds ? plainAddress(ip) : null;
}

/** An address without the port that some servers add; null for anything else, as a client may send any text. */
export function plainAddress(text: string | null): string | null {
  const address = text?.trim().replace(/^\[(.*)\](?::\d+)?$/, "$1") ?? "";
  const bare = address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  return /^[\da-f.:]{2,45}$/i.test(bare) ? bare : null;
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const root = await imported(encoder.encode(secret), ["sign"]);
  const derived = await crypto.subtle.sign(HMAC, root, encoder.encode(LABEL));
  return imported(new Uint8Array(derived), ["sign", "verify"]);
}

function imported(bytes: Uint8Array<ArrayBuffer>, usages: KeyUsage[]): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, HMAC, false, usages);
}

// Not every runtime has `toHex` and `fromHex` of `Uint8Array` yet.

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
