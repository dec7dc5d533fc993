/** Values of an export as Better Auth has them: other databases keep dates, booleans and lists as text or numbers. */

/** A value of the field's type, or undefined where it cannot be one. */
export function valueOf(value: unknown, type: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "date":
      return dateOf(value);
    case "boolean":
      return typeof value === "boolean" ? value : BOOLEANS.get(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "json":
      return typeof value === "string" ? (parsed(value) ?? value) : value;
    case "string[]":
    case "number[]":
      return listOf(value, type === "string[]" ? "string" : "number");
    default:
      // A list of the texts that the field can be.
      return Array.isArray(type) && !type.includes(value) ? undefined : value;
  }
}

/** SQLite and MySQL have no booleans. */
const BOOLEANS = new Map<unknown, boolean>([
  [0, false],
  [1, true],
]);

function dateOf(value: unknown): Date | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function listOf(value: unknown, kind: string): unknown[] | undefined {
  const list = typeof value === "string" ? parsed(value) : value;
  return Array.isArray(list) && list.every((item) => typeof item === kind) ? list : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
