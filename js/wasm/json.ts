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
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return { $float: btoa(String.fromCharCode(...bytes)) };
}

function reviveSpecial(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$undefined" in value) return UNDEFINED;
  // Convex's own reader takes `$float` for what JSON cannot write only; here it is every number that is not whole.
  if ("$float" in value) return floatOf(String(value.$float));
  return "$integer" in value || "$bytes" in value ? jsonToConvex(value as never) : value;
}

function floatOf(bits: string): number {
  const bytes = Uint8Array.from(atob(bits), (character) => character.charCodeAt(0));
  return new DataView(bytes.buffer).getFloat64(0, true);
}

/** Stands for `undefined` while a text is being read, since a reviver cannot return it without dropping the member. */
export const UNDEFINED: unique symbol = Symbol("undefined");

/** The value of an index bound as Convex's range builder takes it. */
export function indexValue(value: unknown): Value | undefined {
  return value === UNDEFINED ? undefined : (value as Value);
}
