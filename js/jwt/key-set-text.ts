import { GateError } from "../errors/index.js";

/** The JSON text of a key set that is given as text, as a value or as a `data:` URI. Says nothing about its contents. */
export function keySetText(jwks: unknown): string {
  if (typeof jwks === "string") {
    return /^data:/i.test(jwks) ? dataUriText(jwks) : jwks;
  }
  if (typeof jwks === "object" && jwks !== null) return JSON.stringify(jwks);
  throw new GateError(
    "INVALID_OPTION",
    "the option `jwks` must be a key set, its JSON text or a `data:` URI",
    { meta: { option: "jwks" } },
  );
}

/** A key set of 256 KiB as base64, and that percent-encoded: what is longer is not decoded. */
const MOST_URI_LETTERS = 4 * 256 * 1024;

/**
 * RFC 2397. `fetch` would read it as well, but not at once, and not in Convex's queries and mutations. The media type does not
 * matter, as in Convex; base64 and percent-encoding are both understood.
 */
function dataUriText(uri: string): string {
  if (uri.length > MOST_URI_LETTERS) {
    throw new GateError(
      "KEY_SET_INVALID",
      `the key set is invalid: its \`data:\` URI is longer than ${String(MOST_URI_LETTERS)} letters`,
    );
  }
  const comma = uri.indexOf(",");
  if (comma < 0) throw invalidUri();
  const data = uri.slice(comma + 1);
  try {
    const decoded = decodeURIComponent(data);
    if (!/;base64$/i.test(uri.slice(0, comma).trimEnd())) return decoded;
    const bytes = Uint8Array.from(atob(decoded), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalidUri(cause);
  }
}

function invalidUri(cause?: unknown): GateError {
  return new GateError("KEY_SET_INVALID", "the key set is invalid: it is not a valid `data:` URI", {
    cause,
  });
}
