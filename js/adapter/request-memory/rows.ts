/** Rows as writes leave them. */
import type { ConvexGateArguments, ConvexGateStoreRecord as Row } from "../store.js";

type Change = Partial<ConvexGateArguments["update"] & ConvexGateArguments["incrementOne"]>;

/** A new row as it is read. */
export function createdRow(data: Row): Row {
  return { ...defined(data), _id: data["id"] };
}

/** A row after an update or an increment. */
export function changedRow(row: Row, args: Change): Row {
  const { update = {}, set = {}, increment = {} } = args;
  const sums = Object.entries(increment).map(([field, delta]) => [
    field,
    ((row[field] as number | null | undefined) ?? 0) + delta,
  ]);
  return { ...copyOf(row), ...defined(update), ...defined(set), ...Object.fromEntries(sums) };
}

function defined(row: Row): Row {
  return Object.fromEntries(Object.entries(copyOf(row)).filter(([, value]) => value !== undefined));
}

/** The caller may change the lists of a row that it is given. */
export function copyOf(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      Array.isArray(value) ? [...(value as unknown[])] : value,
    ]),
  );
}
