/** Between Better Auth's values and the store's: dates are kept as ms, and a field that is absent reads as null. */
import { GateError } from "../errors/index.js";
import type { ConvexGateStoreRecord } from "./store.js";

/** What the transforms need to know of a field (a part of Better Auth's `DBFieldAttribute`). */
export interface FieldShape {
  readonly type: unknown;
  readonly fieldName?: string | undefined;
}

/**
 * A value on its way into a filter: as in the store, and infinities too, which no row has and every number compares with
 * (organization plugin, 1.7: a team of at most `Infinity` members).
 *
 * @throws GateError as {@link toStored}.
 */
export function toCompared(value: unknown, field: string, shape: FieldShape | undefined): unknown {
  return value === Infinity || value === -Infinity ? value : toStored(value, field, shape);
}

/**
 * A value on its way into the store. Dates become ms since the epoch, also inside the lists of `in`; the factory converts
 * neither.
 *
 * @throws GateError `UNSUPPORTED_VALUE` for invalid dates, NaN, infinities and values that no column can hold.
 */
export function toStored(value: unknown, field: string, shape: FieldShape | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => toStored(item, field, shape));
  if (value instanceof Date) return finite(value.getTime(), field);
  switch (typeof value) {
    case "string":
      return shape?.type === "date" ? finite(Date.parse(value), field) : value;
    case "number":
      return finite(value, field);
    case "bigint":
      return finite(Number(value), field);
    case "boolean":
    case "undefined":
      return value;
    case "object":
      if (value === null) return null;
      break;
    default:
      break;
  }
  throw new GateError("UNSUPPORTED_VALUE", `field \`${field}\` cannot hold a ${typeof value}`, {
    meta: { field, type: typeof value },
  });
}

/** A value on its way out: ms of a date field become a real `Date`, as Better Auth 1.7 calls methods on it. */
export function fromStored(value: unknown, shape: FieldShape | undefined): unknown {
  return shape?.type === "date" && typeof value === "number" ? new Date(value) : value;
}

/**
 * Gives a stored row every field that was asked for: Better Auth tells "no quota" from null and takes an absent field
 * for something else (1.7: `apiKey.remaining !== null`). With `select`, the other fields stay absent.
 */
export function fillMissing(
  row: ConvexGateStoreRecord,
  fields: Readonly<Record<string, FieldShape>>,
  select?: readonly string[],
): ConvexGateStoreRecord {
  const filled: ConvexGateStoreRecord = { ...row };
  for (const key in fields) {
    if (select && !select.includes(key)) continue;
    const name = fields[key]?.fieldName ?? key;
    if (filled[name] === undefined) filled[name] = null;
  }
  return filled;
}

function finite(value: number, field: string): number {
  if (Number.isFinite(value)) return value;
  throw new GateError("UNSUPPORTED_VALUE", `field \`${field}\` cannot hold ${String(value)}`, {
    meta: { field },
  });
}
