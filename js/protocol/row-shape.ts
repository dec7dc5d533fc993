/**
 * How a stored user or session differs from the one that Better Auth gives. The component and the functions that ask
 * who is signed in know no schema of the app, and to read one would cost every query a document: so each row carries
 * what has to be known of it. `docs/tables.md` tells how rows learn of a schema that is younger than they are.
 */

/** The field of a row that holds its shape. */
export const SHAPE = "gateShape";

/**
 * What is not to be taken as it is stored, sorted: `hidden <column>` is declared `returned: false`, `json <column>` is
 * kept as text, `name <column> <field>` has another name in the app. Nothing at all for most apps.
 */
export type RowShape = readonly string[];

/** What one Better Auth instance declares of a model. */
export interface DeclaredShape {
  /** Every column that it knows. Of others it says nothing. */
  readonly columns: readonly string[];
  readonly shape: RowShape;
}

type Row = Readonly<Record<string, unknown>>;

interface DeclaredField {
  readonly type: unknown;
  readonly returned?: boolean | undefined;
  readonly fieldName?: string | undefined;
}

/** Reads a model's shape from Better Auth's metadata. */
export function shapeOf(fields: Readonly<Record<string, DeclaredField>> = {}): DeclaredShape {
  const columns: string[] = [];
  const shape: string[] = [];
  for (const [field, { type, returned, fieldName: column = field }] of Object.entries(fields)) {
    columns.push(column);
    if (returned === false) shape.push(`hidden ${column}`);
    if (type === "json") shape.push(`json ${column}`);
    if (column !== field) shape.push(`name ${column} ${field}`);
  }
  return { columns, shape: shape.sort() };
}

/**
 * The shape of a row once an instance has had its say: what it does not know stays as it was. A column that it does not
 * know is no longer the one of a field that it does: that field has moved to another column.
 */
export function withDeclared(known: unknown, { columns, shape }: DeclaredShape): string[] {
  const named = shape.map((entry) => entry.split(" ")).filter(([kind]) => kind === "name");
  const renamed = named.map(([, column]) => column);
  const fields = new Set(named.map(([, , field]) => field));
  for (const column of columns) if (!renamed.includes(column)) fields.add(column);
  const others = entriesOf(known).filter((entry) => {
    const [kind, column = "", field] = entry.split(" ");
    return !columns.includes(column) && !(kind === "name" && fields.has(field));
  });
  return [...others, ...shape].sort();
}

/** Tells whether a row says something else than an instance declares. */
export function isStale(row: Row, declared: DeclaredShape): boolean {
  const known = entriesOf(row[SHAPE]).join();
  // Every row that is read is looked at, and mostly says just what is declared.
  return known !== declared.shape.join() && known !== withDeclared(row[SHAPE], declared).join();
}

/**
 * A row as it leaves the library: under the names that the app gave its fields, `json` as values, without the fields
 * that are declared `returned: false`. Dates stay ms, since Convex values hold no `Date`. What no Convex function could
 * return, for instance an object with a key that begins with `$`, stays text.
 */
export function presented(row: Row): Record<string, unknown> {
  const { [SHAPE]: shape, ...stored } = row;
  const hidden = new Set<string>();
  const json = new Set<string>();
  const names = new Map<string, string>();
  for (const entry of entriesOf(shape)) {
    const [kind, column = "", name = ""] = entry.split(" ");
    if (kind === "hidden") hidden.add(column);
    if (kind === "json") json.add(column);
    if (kind === "name") names.set(column, name);
  }
  // What a field left behind under its own name, from before it was given another, is nobody's.
  const renamed = new Set(names.values());
  return Object.fromEntries(
    Object.entries(stored)
      .filter(([column]) => !hidden.has(column) && (names.has(column) || !renamed.has(column)))
      .map(([column, value]) => [
        names.get(column) ?? column,
        json.has(column) ? parsed(value) : value,
      ]),
  );
}

function entriesOf(shape: unknown): string[] {
  return Array.isArray(shape) ? shape.filter((entry) => typeof entry === "string") : [];
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (!CONVEX_KEY.test(key)) throw new Error("not a Convex value");
      return value;
    });
  } catch {
    return text;
  }
}

/** What a key of an object may be (convex 1.48, `validateObjectField`). */
const CONVEX_KEY = /^(?!\$)[ -~]{0,1024}$/;
