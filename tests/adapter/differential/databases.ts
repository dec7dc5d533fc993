/** The same rows in different databases, asked through Better Auth's adapters for them. */
import { kyselyAdapter } from "@better-auth/kysely-adapter";
import { memoryAdapter } from "@better-auth/memory-adapter";
import type { DBAdapter } from "better-auth/adapters";
import { Kysely, SqliteDialect } from "kysely";
import { createConvexGateAdapter } from "../../../js/adapter/index.js";
import { createComponentHarness } from "../../support/component-harness.js";
import { withoutReferences } from "../../support/without-references.js";
import type { Condition, Question, Row } from "./cases.js";
import { tableOptions } from "./cases.js";
import { openSqlite } from "./sqlite.js";

/** One database with rows in it. */
export interface Database {
  adapter: DBAdapter;
  close(): void;
}

export type DatabaseName = keyof typeof databases;

/** Opens each database, empty. */
export const databases = {
  /** Ours: the adapter, the component and the built wasm. */
  convex: (): Database => ({
    // No references, as in the tables of the others: a generated row may be nobody's.
    adapter: createConvexGateAdapter({
      store: withoutReferences(createComponentHarness().store()),
    })(tableOptions),
    close: () => undefined,
  }),
  memory: (): Database => ({
    adapter: memoryAdapter({ session: [] })(tableOptions),
    close: () => undefined,
  }),
  async sqlite(): Promise<Database> {
    const sqlite = await openSqlite();
    // No constraints: a generated row may lack anything.
    sqlite.run(
      `create table session (id text, token text, userId text, expiresAt text, ipAddress text, hits real,
       trusted integer, scopes text, createdAt text, updatedAt text, userAgent text)`,
    );
    const db = new Kysely({ dialect: new SqliteDialect({ database: sqlite.connection }) });
    return {
      adapter: kyselyAdapter(db as never, { type: "sqlite" })(tableOptions),
      close: () => sqlite.close(),
    };
  },
};

/** Writes rows through the adapter. */
export async function fill({ adapter }: Database, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    const data = { ...row, token: row.id, createdAt: new Date(0), updatedAt: new Date(0) };
    await adapter.create({ model: "session", data, forceAllowId: true });
  }
}

/** What a database gives, or the text of its error. */
export async function ask({ adapter }: Database, question: Question): Promise<Row[] | string> {
  try {
    return await adapter.findMany<Row>({ model: "session", ...question, where: where(question) });
  } catch (error) {
    return String(error);
  }
}

/** The number of rows that a database counts, or the text of its error. */
export async function tally({ adapter }: Database, question: Question): Promise<number | string> {
  try {
    return await adapter.count({ model: "session", where: where(question) });
  } catch (error) {
    return String(error);
  }
}

function where(question: Question): never {
  return question.where.map((each: Condition) => ({ ...each })) as never;
}
