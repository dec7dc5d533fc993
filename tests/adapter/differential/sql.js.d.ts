/** The part of sql.js (1.16) that the tests use; the package has no types of its own. */
declare module "sql.js" {
  interface Statement {
    bind(parameters: unknown[]): boolean;
    step(): boolean;
    getAsObject(): Record<string, unknown>;
    getColumnNames(): string[];
    free(): boolean;
  }
  class Database {
    run(sql: string): Database;
    prepare(sql: string): Statement;
    getRowsModified(): number;
    close(): void;
  }
  export default function initSqlJs(): Promise<{ Database: typeof Database }>;
}
