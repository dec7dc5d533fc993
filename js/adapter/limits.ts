/**
 * What Convex (1.48) holds and carries. Asked before a call is made: past these the backend answers with an error that has
 * no code and, within a request, no body either.
 */
import type { GateError } from "../errors/index.js";
import { limitExceeded, valueTooLarge } from "./refusals.js";
import type { ConvexGateStoreRecord } from "./store.js";

/** Items of one list. */
export const MOST_ITEMS = 8_192;

/** Bytes of one row: 1 MiB, less what Convex and the component add to it. */
const MOST_ROW_BYTES = (1 << 20) - 1_024;

/** Bytes of the arguments of one call: 16 MiB, less their envelope. */
const MOST_CALL_BYTES = (1 << 24) - 1_024;

/**
 * Refuses fields of which one row could not hold all.
 *
 * @throws GateError `VALUE_TOO_LARGE` naming the largest.
 */
export function checkRow(model: string, fields: ConvexGateStoreRecord): void {
  let bytes = 0;
  let largest = { field: "", bytes: 0 };
  for (const [field, value] of Object.entries(fields)) {
    if (Array.isArray(value) && value.length > MOST_ITEMS) {
      throw valueTooLarge(
        `field \`${field}\` of \`${model}\` cannot hold ${String(value.length)} items: Convex holds ${String(MOST_ITEMS)} in a list`,
        { model, field, most: MOST_ITEMS },
      );
    }
    const size = field.length + bytesOf(value);
    bytes += size;
    if (size > largest.bytes) largest = { field, bytes: size };
  }
  if (bytes <= MOST_ROW_BYTES) return;
  const { field } = largest;
  throw valueTooLarge(
    `a row of \`${model}\` cannot hold ${String(bytes)} bytes, most of them in \`${field}\`: Convex holds 1 MiB in a row. Keep large data in file storage and its id here`,
    { model, field, most: MOST_ROW_BYTES },
  );
}

/**
 * Refuses arguments that Convex would not pass on.
 *
 * @throws GateError `LIMIT_EXCEEDED`.
 */
export function checkArguments(args: unknown): void {
  const bytes = bytesOf(args, (items) => {
    if (items > MOST_ITEMS) throw exceeded("items of a list", items, MOST_ITEMS);
  });
  if (bytes > MOST_CALL_BYTES) throw exceeded("bytes of arguments", bytes, MOST_CALL_BYTES);
}

function exceeded(limit: string, actual: number, most: number): GateError {
  return limitExceeded(
    `one call of Convex takes ${String(most)} ${limit}, and this has ${String(actual)}`,
    { limit, most },
  );
}

/** Bytes by Convex's count; `list` is told the length of each list. */
export function bytesOf(value: unknown, list?: (items: number) => void): number {
  if (typeof value === "string") return utf8Length(value) + 2;
  if (value instanceof ArrayBuffer) return value.byteLength + 2;
  if (typeof value !== "object" || value === null) return 9;
  let bytes = 2;
  if (Array.isArray(value)) {
    list?.(value.length);
    for (const item of value) bytes += bytesOf(item, list);
    return bytes;
  }
  for (const [field, member] of Object.entries(value)) {
    bytes += field.length + 1 + bytesOf(member, list);
  }
  return bytes;
}

/** Counted here: an encoder would copy the text, and in Convex it is slow. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Two units of a pair are four bytes together.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
