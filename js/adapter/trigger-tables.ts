/** Where an instance keeps the models that have triggers. */
import { GateError } from "../errors/index.js";
import { isOwnModel } from "./own-tables.js";
import { shapeOf } from "../protocol/row-shape.js";
import type { SchemaShape } from "./schema-shape.js";
import type { TriggerTable } from "./trigger-protocol.js";

/** The component counts requests in a table of its own (`convex/rateLimits.ts`): a trigger would never run. */
const UNTOLD = "rateLimit";

/**
 * Reads them from the schema; `tableOf` gives the table of a canonical model key.
 *
 * @throws GateError `INVALID_OPTION` for a model that the schema does not have, or whose rows the component counts by itself.
 */
export function triggerTables(
  models: readonly string[],
  schema: SchemaShape,
  tableOf: (modelKey: string) => string,
): TriggerTable[] {
  return models.map((model) => {
    const { fields } = schema[model] ?? {};
    if (!fields || model === UNTOLD) {
      const others = Object.keys(schema).filter((each) => each !== UNTOLD);
      throw new GateError(
        "INVALID_OPTION",
        `\`triggers\` of createClient name the model \`${model}\`, ` +
          (fields ? "which has none" : "which Better Auth's schema does not have") +
          `. There are ${others.join(", ")}.`,
        { meta: { option: "triggers", model } },
      );
    }
    // Rows of users and sessions carry their shape.
    const isOwn = isOwnModel(model);
    return { model, table: tableOf(model), shape: isOwn ? [] : shapeOf(fields).shape };
  });
}
