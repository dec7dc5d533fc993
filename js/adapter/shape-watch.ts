/** Notices rows that are older than the app's schema, and has the component correct them. */
import type { JoinConfig } from "better-auth/adapters";
import type { DeclaredShape } from "../protocol/row-shape.js";
import { isStale, SHAPE, shapeOf } from "../protocol/row-shape.js";
import type { SchemaShape } from "./schema-shape.js";
import type { ConvexGateStore, ConvexGateStoreRecord } from "./store.js";
import type { TokenStore } from "./token-store.js";

/** The models whose rows are also read without Better Auth. */
const models = ["user", "session"] as const;
type Model = (typeof models)[number];

type Rows = readonly (ConvexGateStoreRecord | null | undefined)[];

/** What the adapter of one Better Auth instance knows of shapes. */
export interface ShapeWatch {
  /** What a new row of a model carries beside its fields. */
  readonly ofNew: (modelKey: string) => Record<string, string[]>;
  /**
   * Looks at rows that were read and at those joined to them. In an instance's life the component is called once at most
   * for each model.
   */
  readonly saw: (modelKey: string, rows: Rows, read?: Read) => Promise<void>;
  /** The same for what the token endpoint reads. */
  readonly watching: (tokens: TokenStore) => TokenStore;
}

/** How rows were read. */
interface Read {
  readonly select?: readonly string[] | undefined;
  readonly join?: JoinConfig | undefined;
}

/** Makes a watch. Where nothing can be written, as in a Convex query, it only looks. */
export function createShapeWatch(
  schema: SchemaShape,
  { declareShape }: Pick<ConvexGateStore, "declareShape">,
  keyOf: (table: string) => string,
): ShapeWatch {
  const known = new Map<string, DeclaredShape>();
  const told = new Set<string>();

  function declared(model: string): DeclaredShape | undefined {
    if (!isOurs(model)) return undefined;
    const shape = known.get(model) ?? shapeOf(schema[model]?.fields);
    known.set(model, shape);
    return shape;
  }

  async function look(model: string, rows: Rows): Promise<void> {
    const shape = declared(model);
    if (!shape || !declareShape || told.has(model)) return;
    const id = rows.find((row) => row && isStale(row, shape))?.["id"];
    if (typeof id !== "string") return;
    told.add(model);
    try {
      await declareShape({
        table: model as Model,
        columns: [...shape.columns],
        shape: [...shape.shape],
        seen: id,
      });
    } catch (error) {
      // The request is about something else. The next one that reads an older row tries again.
      const name = error instanceof Error ? error.name : "unknown error";
      console.warn(`[convex-gate] Older rows of "${model}" could not be corrected: ${name}`);
    }
  }

  return {
    ofNew(modelKey) {
      const shape = declared(modelKey)?.shape ?? [];
      return shape.length > 0 ? { [SHAPE]: [...shape] } : {};
    },

    async saw(modelKey, rows, { select = [], join = {} } = {}) {
      // A row in parts does not say what its shape is.
      if (select.length === 0) await look(modelKey, rows);
      for (const [table, { modelKey: joined = keyOf(table) }] of Object.entries(join))
        if (isOurs(joined))
          await look(
            joined,
            rows.flatMap((row) => row?.[table] as Rows),
          );
    },

    watching: (tokens) => ({
      ...tokens,
      async tokenContext(sessionToken) {
        const found = await tokens.tokenContext(sessionToken);
        await look("session", [found?.session]);
        await look("user", [found?.user]);
        return found;
      },
    }),
  };
}

function isOurs(model: string): model is Model {
  return models.some((each) => each === model);
}
