/** Every plugin of the matrix, found by its file. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MatrixPlugin } from "./plugin.js";

const folder = fileURLToPath(new URL("../plugins", import.meta.url));

/** Reads `plugins/<name>.ts`, in the order of the names. */
export async function loadPlugins(): Promise<MatrixPlugin[]> {
  const files = (await readdir(folder)).filter((file) => !file.endsWith(".server.ts")).sort();
  const modules = await Promise.all(
    files.map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module).filter(isPlugin));
}

function isPlugin(value: unknown): value is MatrixPlugin {
  return typeof value === "object" && value !== null && "cases" in value && "lines" in value;
}
