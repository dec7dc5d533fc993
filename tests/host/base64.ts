/**
 * Runs inside every fresh context: `Uint8Array`'s base64 and hex methods, which Convex's V8 has and older Node versions
 * lack. Like the prelude it must be self-contained.
 */

/** What the host passes in. Both take and give what their names say, without checks. */
export interface Base64Hooks {
  /** Gives the host's bytes of a valid standard base64 text. */
  decode: (text: string) => Uint8Array;
  encode: (bytes: Uint8Array) => string;
}

interface Alphabet {
  alphabet?: "base64" | "base64url";
  omitPadding?: boolean;
  lastChunkHandling?: "loose" | "strict" | "stop-before-partial";
}

/** Defines the methods where they are missing. */
export function defineBase64(hooks: Base64Hooks): void {
  if ("fromBase64" in Uint8Array) return;
  const wanted = ({ alphabet = "base64" }: Alphabet): "base64" | "base64url" => {
    if (alphabet === "base64" || alphabet === "base64url") return alphabet;
    throw new TypeError("alphabet must be base64 or base64url");
  };
  const textOf = (value: unknown): string => {
    if (typeof value !== "string") throw new TypeError("the argument must be a string");
    return value;
  };
  const owned = (decoded: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(decoded.length);
    bytes.set(decoded);
    return bytes;
  };
  const fromBase64 = (value: unknown, options: Alphabet = {}): Uint8Array => {
    // Whole text as `btoa` writes it, such as inlined wasm: one look at each letter, since Convex's own method is native.
    const whole =
      typeof value === "string" && value.length % 4 === 0 && wanted(options) === "base64";
    if (whole && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) return owned(hooks.decode(value));
    const url = wanted(options) === "base64url";
    let text = textOf(value).replace(/[\t\n\f\r ]/g, "");
    const handling = options.lastChunkHandling ?? "loose";
    const padding = /=*$/.exec(text)?.[0].length ?? 0;
    if (padding > 0) {
      if (padding > 2 || text.length % 4 !== 0) throw new SyntaxError("unexpected padding");
      text = text.slice(0, -padding);
    }
    const partial = text.length % 4;
    if (handling === "stop-before-partial" && padding === 0 && partial > 0) {
      text = text.slice(0, -partial);
    } else if (partial === 1 || (handling === "strict" && partial > 0 && padding === 0)) {
      throw new SyntaxError("the last chunk is incomplete");
    }
    if (!(url ? /^[\w-]*$/ : /^[A-Za-z0-9+/]*$/).test(text)) {
      throw new SyntaxError("a character is not of the alphabet");
    }
    return owned(hooks.decode(url ? text.replace(/-/g, "+").replace(/_/g, "/") : text));
  };
  const fromHex = (value: unknown): Uint8Array => {
    const text = textOf(value);
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new SyntaxError("the text is not hexadecimal");
    const bytes = new Uint8Array(text.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
    return bytes;
  };
  const define = (target: object, name: string, value: unknown): void => {
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
  };
  define(Uint8Array, "fromBase64", fromBase64);
  define(Uint8Array, "fromHex", fromHex);
  define(Uint8Array.prototype, "toBase64", function (this: Uint8Array, options: Alphabet = {}) {
    const text = hooks.encode(this);
    const shown =
      wanted(options) === "base64url" ? text.replace(/\+/g, "-").replace(/\//g, "_") : text;
    return options.omitPadding === true ? shown.replace(/=+$/, "") : shown;
  });
  define(Uint8Array.prototype, "toHex", function (this: Uint8Array) {
    let text = "";
    for (const byte of this) text += byte.toString(16).padStart(2, "0");
    return text;
  });
}
