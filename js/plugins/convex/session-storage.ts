/** How sessions must be kept so that they are found, and that deleting a session's row ends it. */
import type { AuthContext } from "better-auth";
import { holdsNoSessions } from "../../adapter/session-storage.js";
import { GateError } from "../../errors/index.js";

/** The columns by which the component, which knows no options of the app, finds a session and whose it is. */
const soughtBy = ["token", "userId"] as const;

/** Throws `INVALID_OPTION` where sessions would not be found, or live, or go on living, outside of the database. */
export function checkSessionStorage({
  options: { secondaryStorage, session },
  tables,
}: Pick<AuthContext, "options" | "tables">): void {
  for (const field of soughtBy) {
    const column = tables["session"]?.fields[field]?.fieldName ?? field;
    if (column === field) continue;
    throw refused(
      `session.fields.${field}`,
      `sessions are looked up by \`${field}\`: leave session.fields.${field} out.`,
    );
  }
  if (!secondaryStorage) return;
  if (session?.storeSessionInDatabase !== true)
    throw refused(
      "session.storeSessionInDatabase",
      "sessions are looked up in the database: with secondaryStorage set session: { storeSessionInDatabase: true }.",
    );
  // The rows of sessions that are over stay then, and a row is what tells that a session lives.
  if (session.preserveSessionInDatabase === true)
    throw refused(
      "session.preserveSessionInDatabase",
      "a session lives for as long as its row: leave session.preserveSessionInDatabase out, and keep a record of " +
        "sessions that are over in a table of your own, written by databaseHooks.session.delete.after.",
    );
  if (!holdsNoSessions(secondaryStorage))
    throw refused(
      "secondaryStorage",
      "sessions would live on in secondaryStorage after their rows are deleted, and could not be kept out of it: set " +
        "database: authComponent.adapter(ctx), and do not freeze the options of betterAuth().",
    );
}

function refused(option: string, why: string): GateError {
  return new GateError("INVALID_OPTION", `convex(): ${why}`, { meta: { option } });
}
