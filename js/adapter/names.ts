/** Names of tables and fields, checked when the adapter is made: the first write is long after the deployment. */
import { GateError } from "../errors/index.js";
import type { SchemaShape } from "./schema-shape.js";

/** An identifier of Convex (1.48) that does not begin with `_`, which is kept for its own tables and fields. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/**
 * Refuses a schema with a table or field that Convex cannot have; `physicalName` gives the table of a model.
 *
 * @throws GateError `INVALID_NAME` with the name and where it comes from.
 */
export function checkNames(schema: SchemaShape, physicalName: (modelKey: string) => string): void {
  for (const [modelKey, { fields }] of Object.entries(schema)) {
    const table = physicalName(modelKey);
    if (!NAME.test(table)) throw invalid(table, "table", { model: modelKey });
    for (const [key, { fieldName: name = key }] of Object.entries(fields)) {
      if (!NAME.test(name)) throw invalid(name, "field", { model: modelKey, field: key });
    }
  }
}

function invalid(
  name: string,
  kind: "table" | "field",
  { model, field }: { model: string; field?: string },
): GateError {
  const where =
    field === undefined ? `model \`${model}\`` : `field \`${field}\` of model \`${model}\``;
  return new GateError(
    "INVALID_NAME",
    `${where} has the name \`${name}\`, which Convex does not accept for a ${kind}: use up to 64 letters, digits and underscores, with a letter first`,
    { meta: { name, model, ...(field === undefined ? {} : { field }) } },
  );
}
