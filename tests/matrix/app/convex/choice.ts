// Types only: the app is bundled in another folder, where this path leads nowhere.
import type { Choice, ServerSet } from "../../support/server-set.js";
import { registry } from "./registry.js";

/** Reads a variable of the deployment. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the variable ${name} is not set`);
  return value;
}

/** What the variable MATRIX asks for. */
export function chosen(): Choice {
  return JSON.parse(process.env["MATRIX"] ?? '{"sets":[]}') as Choice;
}

/** The sets of a choice. */
export function setsOf({ sets }: Choice): Promise<ServerSet[]> {
  return Promise.all(
    sets.map(async (key) => {
      // `name`, or `name:variant`.
      const set = (await registry[key.replace(/:.*/, "")]?.())?.[key];
      if (!set) throw new Error(`there is no set ${key} in this bundle`);
      return set;
    }),
  );
}

/** Plain objects merged member by member; later ones win, lists are joined. */
export function merged<T extends object>(objects: readonly T[]): T {
  const result: Record<string, unknown> = {};
  for (const object of objects) {
    for (const [key, value] of Object.entries(object)) {
      const before = result[key];
      if (Array.isArray(before) && Array.isArray(value)) result[key] = [...before, ...value];
      else result[key] = isPlain(before) && isPlain(value) ? merged([before, value]) : value;
    }
  }
  return result as T;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
