/** Checks arguments and results against a function's validators, in Convex's words (`common/src/schemas/validator.rs`). */
import { jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import { tableOf } from "./read-set.js";

/** A validator as `exportArgs` and `exportReturns` give it. */
export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "commitTs" | "boolean" | "string" | "bytes" | "any" }
  | { type: "id"; tableName: string }
  | { type: "literal"; value: never }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: FieldJson }
  | { type: "object"; value: Record<string, FieldJson> }
  | { type: "union"; value: ValidatorJson[] };

interface FieldJson {
  fieldType: ValidatorJson;
  optional: boolean;
}

/** Throws Convex's error for arguments or for a result that the validator does not take. Null takes anything. */
export function checkValue(
  kind: "Argument" | "Returns",
  validator: ValidatorJson | null,
  value: Value | undefined,
): void {
  const fault = validator && mismatch(validator, value, "");
  if (fault) throw new Error(`${kind}ValidationError: ${fault}`);
}

function mismatch(
  validator: ValidatorJson,
  value: Value | undefined,
  path: string,
): string | undefined {
  const where = path === "" ? "" : `Path: ${path}`;
  const noMatch = (): string =>
    `Value does not match validator.\n${where}\nValue: ${shown(value)}\nValidator: ${described(validator)}`;
  switch (validator.type) {
    case "any":
      return undefined;
    case "id":
      // Ids of convex-test: digits, then the table's name.
      if (typeof value !== "string" || !/^\d+\D/.test(value)) return noMatch();
      return tableOf(value) === validator.tableName
        ? undefined
        : `Found ID "${value}" from table \`${tableOf(value)}\`, which does not match the table name in validator \`v.id("${validator.tableName}")\`.${where}`;
    case "literal":
      return value === jsonToConvex(validator.value)
        ? undefined
        : `\`${shown(value)}\` does not match literal validator \`${described(validator)}\`.${where}`;
    case "array": {
      if (!Array.isArray(value)) return noMatch();
      return first(value, (item, at) =>
        mismatch(validator.value, item as Value, `${path}[${String(at)}]`),
      );
    }
    case "union":
      if (validator.value.length === 1 && validator.value[0])
        return mismatch(validator.value[0], value, path);
      return validator.value.some((each) => mismatch(each, value, path) === undefined)
        ? undefined
        : noMatch();
    case "record":
      if (!isObject(value)) return noMatch();
      return first(
        sorted(value),
        ([key, item]) =>
          mismatch(validator.keys, key, `${path}.keys()`) ??
          mismatch(validator.values.fieldType, item, `${path}.values()`),
      );
    case "object":
      return isObject(value) ? objectMismatch(validator, value, path, where) : noMatch();
    default:
      return typeOf(value) === validator.type ? undefined : noMatch();
  }
}

function objectMismatch(
  validator: Extract<ValidatorJson, { type: "object" }>,
  value: Record<string, Value>,
  path: string,
  where: string,
): string | undefined {
  const rest = `${where}\nObject: ${shown(value)}\nValidator: ${described(validator)}`;
  const wrong = first(sorted(validator.value), ([name, { fieldType, optional }]) => {
    if (value[name] !== undefined) return mismatch(fieldType, value[name], `${path}.${name}`);
    if (optional) return undefined;
    return `Object is missing the required field \`${name}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.\n${rest}`;
  });
  if (wrong !== undefined) return wrong;
  const extra = Object.keys(value).find(
    (name) => value[name] !== undefined && !(name in validator.value),
  );
  if (extra === undefined) return undefined;
  return `Object contains extra field \`${extra}\` that is not in the validator.\n${rest}`;
}

function typeOf(value: Value | undefined): string {
  if (value === null) return "null";
  return value instanceof ArrayBuffer ? "bytes" : typeof value;
}

function isObject(value: Value | undefined): value is Record<string, Value> {
  return typeOf(value) === "object" && !Array.isArray(value);
}

function first<T>(
  items: readonly T[],
  check: (item: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, item] of items.entries()) {
    const fault = check(item, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function sorted<T>(object: Record<string, T>): [string, T][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A value as the backend prints it, numbers with their point. */
function shown(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (typeof value === "number")
    return Number.isInteger(value) ? `${String(value)}.0` : String(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof ArrayBuffer) return `b"${Buffer.from(value).toString("latin1")}"`;
  if (Array.isArray(value)) return `[${value.map((item) => shown(item as Value)).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${sorted(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `${name}: ${shown(item)}`)
    .join(", ")}}`;
}

function described(validator: ValidatorJson): string {
  const field = ({ fieldType, optional }: FieldJson): string =>
    optional ? `v.optional(${described(fieldType)})` : described(fieldType);
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "id":
      return `v.id("${validator.tableName}")`;
    case "literal":
      return `v.literal(${typeof validator.value === "object" ? "<bigint>" : JSON.stringify(validator.value)})`;
    case "array":
      return `v.array(${described(validator.value)})`;
    case "record":
      return `v.record(${described(validator.keys)}, ${field(validator.values)})`;
    case "union":
      return `v.union(${validator.value.map(described).join(", ")})`;
    case "object":
      return `v.object({${sorted(validator.value)
        .map(([name, each]) => `${name}: ${field(each)}`)
        .join(", ")}})`;
    default:
      return `v.${validator.type}()`;
  }
}
