/**
 * `node tests/host/run.mjs tests/e2e/import/make-better-auth.ts`: fills a Better Auth on SQLite by its own API and writes its rows
 * to `fixtures/better-auth/`, some as the program of docs/coming-from-better-auth.md does, some as `sqlite3 -json` prints them; and
 * what its people know to `fixtures/better-auth.json`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { organization } from "better-auth/plugins";
import { SqliteDialect } from "kysely";
import { openSqlite } from "../../adapter/differential/sqlite.js";
import { ORIGIN, SECRET, fixtures } from "./fixture-files.js";

const sqlite = await openSqlite();
const auth = betterAuth({
  baseURL: ORIGIN,
  secret: SECRET,
  telemetry: { enabled: false },
  database: { dialect: new SqliteDialect({ database: sqlite.connection }), type: "sqlite" },
  emailAndPassword: { enabled: true },
  plugins: [organization()],
});
await (await getMigrations(auth.options)).runMigrations();

const nora = { email: "nora@example.com", password: "the password of Nora", name: "Nora" };
const signUp = await auth.api.signUpEmail({ body: nora, returnHeaders: true });
const cookie = signUp.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
await auth.api.createOrganization({
  body: { name: "Looms", slug: "looms" },
  headers: new Headers({ cookie: cookie.join("; ") }),
});
// Alive whenever the tests run.
sqlite.run(`update session set expiresAt = '2066-01-01T00:00:00.000Z'`);

mkdirSync(join(fixtures, "better-auth"), { recursive: true });
// As SQLite keeps them: booleans are numbers, dates are text.
for (const table of ["user", "session"]) {
  const rows = sqlite.connection.prepare(`select * from "${table}"`).all([]);
  writeFileSync(join(fixtures, `better-auth/${table}.json`), `${JSON.stringify(rows, null, 1)}\n`);
}
const { adapter } = await auth.$context;
for (const model of ["account", "organization", "member"]) {
  const rows = await adapter.findMany<object>({ model, sortBy: { field: "id", direction: "asc" } });
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(fixtures, `better-auth/${model}.jsonl`), lines);
}
const session = cookie
  .find((one) => one.includes("session_token"))
  ?.split("=")
  .slice(1)
  .join("=");
writeFileSync(
  join(fixtures, "better-auth.json"),
  `${JSON.stringify({ nora: { ...nora, id: signUp.response.user.id, session } }, null, 2)}\n`,
);
sqlite.close();
