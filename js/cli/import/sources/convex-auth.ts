/** A Convex export with the tables of `@convex-dev/auth` in it: 0.0.x among the app's own, 2 in components. */
import { GateError } from "../../../errors/index.js";
import type { Table } from "../convex-export.js";
import type { Source } from "../source.js";
import { openWalked } from "../table-walk.js";
import { walksOfFirst } from "./convex-auth-1.js";
import { walksOfSecond } from "./convex-auth-2.js";

/** Opens it; which version it is shows by its tables. */
export function openConvexAuth(path: string): Promise<Source> {
  return openWalked("convex-auth", path, async (file) => {
    const users = file.tables.find(isTable("", "users"));
    const isFirst = file.tables.some(isTable("", "authAccounts"));
    const hasSecond = file.tables.some(({ component, name }) => component && name === "accounts");
    if (!users || !(isFirst || hasSecond))
      throw new GateError(
        "IMPORT_FORM",
        `${path} has no table users with authAccounts (0.0.x), or with the accounts of a component (2): is it an export of the deployment whose auth is @convex-dev/auth?`,
      );
    // Users and what is theirs alone, in one order whatever else the deployment has.
    const walks = isFirst ? walksOfFirst(file) : await walksOfSecond(file);
    return () => walks;
  });
}

function isTable(component: string, name: string): (table: Table) => boolean {
  return (table) => table.component === component && table.name === name;
}
