/**
 * What Convex refuses by size, shape or name, in its own words (convex-backend, August 2026: `crates/value`,
 * `crates/udf/src/helpers.rs`, `crates/common/src/document.rs`, `sync_types/src/identifier.rs`).
 */
import { jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import type { Syscalls } from "./syscall-seam.js";

const MAX_ARRAY = 8_192;
const MAX_FIELDS = 1_024;
const MAX_NESTING = 64;
const MAX_DOCUMENT_NESTING = 16;
const MAX_IDENTIFIER = 64;
const MAX_FIELD_NAME = 1_024;
const MiB = 1 << 20;
const MAX_VALUE_BYTES = 32 * MiB;
const MAX_DOCUMENT_BYTES = MiB;
const MAX_CALL_BYTES = 16 * MiB;

/** How large a value is by Convex's count, and how deep. */
interface Measure {
  bytes: number;
  nesting: number;
}

/** Refuses arguments as the called function's `module.js:name` would, before it runs. */
export function checkArguments(path: string, args: Value): void {
  // Arguments are a list of one.
  const { bytes } = prefixed(`Invalid arguments for ${path}: `, () => measure([args]));
  if (bytes > MAX_CALL_BYTES) {
    throw new Error(
      `Arguments for ${path} are too large (actual: ${size(bytes)}, limit: ${size(MAX_CALL_BYTES)})`,
    );
  }
}

/** Refuses what a function gives. */
export function checkResult(path: string, result: Value): void {
  const { bytes } = prefixed(`Function ${path} return value invalid: `, () => measure(result));
  if (bytes > MAX_CALL_BYTES) {
    throw new Error(
      `Function ${path} return value is too large (actual: ${size(bytes)}, limit: ${size(MAX_CALL_BYTES)})`,
    );
  }
}

/** Refuses a document as it is about to be stored, with its system fields. */
export function checkDocument(document: Record<string, unknown>): void {
  const { bytes, nesting } = measure(document as Value);
  const violations = Object.keys(document)
    .filter((field) => field.startsWith("_") && field !== "_id" && field !== "_creationTime")
    .map(
      (field) =>
        `Field '${field}' starts with an underscore, which is only allowed for system fields like '_id'`,
    );
  if (nesting > MAX_DOCUMENT_NESTING) {
    violations.unshift(
      `Document is too nested (nested ${String(nesting)} levels deep > maximum nesting ${String(MAX_DOCUMENT_NESTING)})`,
    );
  }
  if (violations.length > 0) throw new Error(`not a valid document: ${violations.join("\n ")}`);
  if (bytes > MAX_DOCUMENT_BYTES) throw tooLarge(bytes, MAX_DOCUMENT_BYTES);
}

/** Refuses what a function's own system calls may not carry: arguments, values to store, names of tables. */
export function limitingSyscalls(inner: Syscalls): Syscalls {
  return {
    syscall: (operation, args) => inner.syscall(operation, args),
    jsSyscall: (operation, args) => inner.jsSyscall(operation, args),
    async asyncSyscall(operation, args) {
      const method = WRITES[operation];
      if (method !== undefined || operation === "1.0/runUdf") {
        const call = JSON.parse(args) as { table?: string; value?: never; args?: never };
        if (operation === "1.0/runUdf") checkMember("args", "runUdf", call.args);
        else checkMember("value", method ?? "", call.value);
        if (operation === "1.0/insert") {
          prefixed("Invalid argument `table` for `db.insert`: ", () =>
            checkIdentifier(call.table ?? ""),
          );
        }
      }
      return inner.asyncSyscall(operation, args);
    },
  };
}

const WRITES: Readonly<Record<string, string>> = {
  "1.0/insert": "db.insert",
  "1.0/replace": "db.replace",
  "1.0/shallowMerge": "db.patch",
};

function checkMember(member: string, method: string, json: object = {}): void {
  // A patch takes a field away by this stand-in for undefined, which is no value.
  const kept = Object.entries(json).filter(([, value]) => !isUndefined(value));
  prefixed(`Invalid argument \`${member}\` for \`${method}\`: `, () =>
    measure(jsonToConvex(Object.fromEntries(kept) as never)),
  );
}

function isUndefined(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$undefined" in value;
}

/** The name of a table. One that begins with `_` is refused by the `convex` library itself. */
function checkIdentifier(name: string): void {
  const [first, ...rest] = name;
  if (first === undefined) throw new Error("Identifier cannot be empty");
  if (!/[A-Za-z_]/.test(first)) {
    throw new Error(
      `Invalid first character '${first}' in ${name}: Identifiers must start with an alphabetic character or underscore`,
    );
  }
  const strange = rest.find((each) => !/\w/.test(each));
  if (strange !== undefined) {
    throw new Error(
      `Identifier ${name} has invalid character '${strange}': Identifiers can only contain alphanumeric characters or underscores`,
    );
  }
  if (name.length > MAX_IDENTIFIER) {
    throw new Error(
      `Identifier is too long (${String(name.length)} > maximum ${String(MAX_IDENTIFIER)})`,
    );
  }
}

function checkFieldName(name: string): void {
  if (name.startsWith("$"))
    throw new Error(`Field name ${name} starts with '$', which is reserved.`);
  const strange = [...name].find((each) => !/[ -~]/.test(each));
  if (strange !== undefined) {
    throw new Error(
      `Field name ${name} has invalid character '${strange}': Field names can only contain non-control ASCII characters`,
    );
  }
  if (name.length > MAX_FIELD_NAME) {
    throw new Error(
      `Field name is too long (${String(name.length)} > maximum ${String(MAX_FIELD_NAME)})`,
    );
  }
}

/** Measures from the inside out, as the backend builds a value, and refuses what no value may be. */
function measure(value: Value | undefined): Measure {
  switch (typeof value) {
    case "string":
      return { bytes: Buffer.byteLength(value) + 2, nesting: 0 };
    case "number":
    case "bigint":
      return { bytes: 9, nesting: 0 };
    case "object":
      break;
    default:
      return { bytes: 1, nesting: 0 };
  }
  if (value === null) return { bytes: 1, nesting: 0 };
  if (value instanceof ArrayBuffer) return { bytes: value.byteLength + 2, nesting: 0 };
  const measured: Measure = { bytes: 2, nesting: 0 };
  if (Array.isArray(value)) {
    for (const item of value) add(measured, measure(item), 0);
    if (value.length > MAX_ARRAY) {
      throw new Error(
        `Array length is too long (${String(value.length)} > maximum length ${String(MAX_ARRAY)})`,
      );
    }
  } else {
    const fields = Object.entries(value as Record<string, Value | undefined>);
    for (const [name, member] of fields) {
      checkFieldName(name);
      add(measured, measure(member), name.length + 1);
    }
    if (fields.length > MAX_FIELDS) {
      throw new Error(
        `Object has too many fields (${String(fields.length)} > maximum number ${String(MAX_FIELDS)})`,
      );
    }
  }
  measured.nesting += 1;
  if (measured.bytes > MAX_VALUE_BYTES) throw tooLarge(measured.bytes, MAX_VALUE_BYTES);
  if (measured.nesting > MAX_NESTING) {
    throw new Error(
      `Value is too nested (nested ${String(measured.nesting)} levels deep > maximum nesting ${String(MAX_NESTING)})`,
    );
  }
  return measured;
}

function add(whole: Measure, part: Measure, name: number): void {
  whole.bytes += name + part.bytes;
  whole.nesting = Math.max(whole.nesting, part.nesting);
}

function prefixed<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${prefix}${error instanceof Error ? error.message : ""}`, { cause: error });
  }
}

function tooLarge(actual: number, limit: number): Error {
  return new Error(`Value is too large (${size(actual)} > maximum size ${size(limit)})`);
}

/** As Convex prints sizes. */
function size(bytes: number): string {
  const units = ["B", "KiB", "MiB"];
  let amount = bytes;
  while (amount >= 1_024 && units.length > 1) {
    amount /= 1_024;
    units.shift();
  }
  return `${Number.isInteger(amount) ? String(amount) : amount.toFixed(2)} ${units[0] ?? ""}`;
}
