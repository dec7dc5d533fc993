/** SQLite in this process, compiled to WebAssembly, with the members that kysely's dialect asks of a connection. */
import initSqlJs from "sql.js";
import type { SqliteDatabase } from "kysely";

/** An open database in memory. */
export interface Sqlite {
  connection: SqliteDatabase;
  run(sql: string): void;
  close(): void;
}

let library: ReturnType<typeof initSqlJs> | undefined;

export async function openSqlite(): Promise<Sqlite> {
  library ??= initSqlJs();
  const { Database } = await library;
  const database = new Database();
  return {
    run: (sql) => void database.run(sql),
    close: () => database.close(),
    connection: {
      close: () => undefined,
      prepare(sql) {
        const statement = database.prepare(sql);
        const all = (parameters: readonly unknown[]): Record<string, unknown>[] => {
          const rows: Record<string, unknown>[] = [];
          try {
            statement.bind([...parameters]);
            while (statement.step()) rows.push(statement.getAsObject());
          } finally {
            statement.free();
          }
          return rows;
        };
        return {
          reader: statement.getColumnNames().length > 0,
          all,
          run(parameters) {
            all(parameters);
            return { changes: database.getRowsModified(), lastInsertRowid: 0 };
          },
          iterate: (parameters) => all(parameters).values(),
        };
      },
    },
  };
}
