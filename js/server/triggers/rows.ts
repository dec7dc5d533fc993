/** Rows between the component and triggers. */
import { presented, SHAPE } from "../../protocol/row-shape.js";
import { toStored } from "../../adapter/transforms.js";
import type { TriggerTable } from "../../adapter/trigger-protocol.js";
import { presentedUser } from "../session-user.js";
import type { TriggerRow } from "./types.js";

type Row = Readonly<Record<string, unknown>>;

/** A row as triggers see it: what `getAuthUser` would give. */
export function shown({ model, shape }: TriggerTable, row: Row): TriggerRow {
  const whole = { ...row, _id: row["id"], ...(shape.length > 0 && { [SHAPE]: shape }) };
  return (model === "user" ? presentedUser(whole) : presented(whole)) as TriggerRow;
}

/**
 * Fields that a trigger sets, as they are stored. The id stays, and so does what a row knows of its own shape.
 *
 * @throws GateError `UNSUPPORTED_VALUE` for a value that no column can hold.
 */
export function stored({ shape }: TriggerTable, row: Row, fields: object): Record<string, unknown> {
  const entries = shape.length > 0 ? shape : ((row[SHAPE] ?? []) as string[]);
  const json = new Set<string>();
  const columns = new Map<string, string>();
  for (const entry of entries) {
    const [kind, column = "", field = ""] = entry.split(" ");
    if (kind === "json") json.add(column);
    if (kind === "name") columns.set(field, column);
  }
  return Object.fromEntries(
    Object.entries(fields as Row)
      .filter(([field, value]) => !FIXED.has(field) && value !== undefined)
      .map(([field, value]) => {
        const column = columns.get(field) ?? field;
        const text = json.has(column) && typeof value !== "string" && value !== null;
        return [column, text ? JSON.stringify(value) : toStored(value, field, undefined)];
      }),
  );
}

const FIXED: ReadonlySet<string> = new Set(["id", "_id", "_creationTime", SHAPE]);
