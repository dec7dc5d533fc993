/** Which release of the package this program belongs to. */
import { createRequire } from "node:module";

/** Read when it is asked for. @throws an Error of Node's where the program runs outside its package. */
export function ownVersion(): string {
  const manifest = createRequire(import.meta.url)("convex-gate/package.json") as {
    version: string;
  };
  return manifest.version;
}
