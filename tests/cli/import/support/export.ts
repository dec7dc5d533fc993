/** Exports that are made up: rows in memory, and the folder of JSON that holds them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Source, SourceRecord, SourceRow } from "../../../../js/cli/import/source.js";

/** Rows by model. */
export type Rows = Record<string, SourceRow[]>;

/** A source of records in memory. */
export function sourceOf(records: readonly Omit<SourceRecord, "position">[]): Source {
  return {
    name: "better-auth",
    fingerprint: "in memory",
    warnings: [],
    async *records(from) {
      let at = from === undefined ? 0 : Number(from);
      for (const record of records.slice(at)) yield { position: String((at += 1)), ...record };
    },
    close: async () => {},
  };
}

/** A source whose records are single rows. */
export function rowsSource(rows: Rows): Source {
  return sourceOf(
    Object.entries(rows).flatMap(([model, all]) => all.map((row) => ({ rows: [{ model, row }] }))),
  );
}

/** Writes the rows as `<model>.jsonl`. */
export function folderOf(rows: Rows): string {
  const folder = mkdtempSync(join(tmpdir(), "import-"));
  for (const [model, all] of Object.entries(rows))
    writeFileSync(
      join(folder, `${model}.jsonl`),
      all.map((row) => `${JSON.stringify(row)}\n`).join(""),
    );
  return folder;
}

/** A user as Better Auth has it. */
export function user(id: string, more: object = {}): SourceRow {
  return {
    id,
    name: id,
    email: `${id}@example.com`,
    emailVerified: true,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...more,
  };
}

/** An account with a password. */
export function credential(userId: string, more: object = {}): SourceRow {
  return {
    id: `account-${userId}`,
    userId,
    accountId: userId,
    providerId: "credential",
    password: `${"0".repeat(32)}:${"a".repeat(128)}`,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...more,
  };
}
