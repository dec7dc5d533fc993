/** Public keys of passkeys as COSE keys (RFC 9052, RFC 9053, RFC 8230), which WebAuthn and Better Auth store them as. */
import { createPublicKey } from "node:crypto";

/** An uncompressed point on P-256 (SEC 1) as a key for ES256. Undefined for anything else. */
export function coseOfPoint(point: Uint8Array): Uint8Array | undefined {
  if (point.length !== 65 || point[0] !== 4) return undefined;
  return map([
    [1, uint(2)],
    [3, negative(-7)],
    [-1, uint(1)],
    [-2, bytes(point.subarray(1, 33))],
    [-3, bytes(point.subarray(33))],
  ]);
}

/** An RSA public key (PKCS #1, DER) as a key for RS256. Undefined for anything else. */
export function coseOfRsa(der: Uint8Array): Uint8Array | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: "der", type: "pkcs1" });
    const { n = "", e = "" } = key.export({ format: "jwk" });
    return map([
      [1, uint(3)],
      [3, negative(-257)],
      [-1, bytes(Buffer.from(n, "base64url"))],
      [-2, bytes(Buffer.from(e, "base64url"))],
    ]);
  } catch {
    return undefined;
  }
}

// As much of CBOR (RFC 8949) as such a key needs: a library for all of it is one more package for thirty lines.

function map(pairs: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  return Buffer.concat([
    head(5, pairs.length),
    ...pairs.flatMap(([label, value]) => [label < 0 ? negative(label) : uint(label), value]),
  ]);
}

function uint(value: number): Uint8Array {
  return head(0, value);
}

function negative(value: number): Uint8Array {
  return head(1, -1 - value);
}

function bytes(value: Uint8Array): Uint8Array {
  return Buffer.concat([head(2, value.length), value]);
}

function head(major: number, value: number): Uint8Array {
  const type = major << 5;
  if (value < 24) return Uint8Array.of(type | value);
  if (value < 256) return Uint8Array.of(type | 24, value);
  return Uint8Array.of(type | 25, value >> 8, value & 255);
}
