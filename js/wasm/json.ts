/**
 * The text that crosses between JavaScript and the core: JSON, with Convex's own notation for the values that JSON
 * lacks (`$integer`, `$bytes`, `$float`) and `$undefined` for "the field is missing" in an index range.
 */
import type { Value } from "convex/values";
import { convexToJson, jsonToConvex } from "convex/values";

/** Writes a Convex value, or a plain object of such values, as the core reads it. Members that are undefined are left out. */
export function encode(value: unknown): string {
  return JSON.stringify(value, replaceSpecial);
}

/** Reads what the core wrote. */
export function decode(text: string): unknown {
  // Rows hold special values only where a person put them there with the dashboard: the common case costs one search.
  return text.includes('"$') ? JSON.parse(text, reviveSpecial) : JSON.parse(text);
}

function replaceSpecial(_key: string, value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return convexToJson(value);
    case "number":
      // The core reads whole numbers only; the bits of any other cross as they are.
      return Number.isSafeInteger(value) ? value : floatBits(value);
    case "object":
      return value instanceof ArrayBuffer ? convexToJson(value) : value;
    default:
      return value;
  }
}

function floatBits(value: number): { $float: string } {
  const bytes = new Uint8Array(new Float64Array([value]).buffer);
  return { $float: btoa(String.fromCharCode(...bytes)) };
}

function reviveSpecial(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$undefined" in value) return UNDEFINED;
  if ("$integer" in value || "$bytes" in value || "$float" in value)
    return jsonToConvex(value as never);
  return value;
}

/** Stands for `undefined` while a text is being read, since a reviver cannot return it without dropping the member. */
export const UNDEFINED: unique symbol = Symbol("undefined");

/** The value of an index bound as Convex's range builder takes it. */
export function indexValue(value: unknown): Value | undefined {
  return value === UNDEFINED ? undefined : (value as Value);
}
