/** A lock between processes, so that two clones do not install the same thing at once. */
import { mkdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The project's folder in the user's cache. */
export const cacheFolder = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "convex-gate",
);

const STALE_MS = 60_000;
const RETRY_MS = 500;

/** Does the work while no other process holds the lock of this name. A lock whose holder died is taken over. */
export async function withLock(name, work) {
  mkdirSync(cacheFolder, { recursive: true });
  const lock = join(cacheFolder, `${name}.lock`);
  while (!taken(lock)) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  // A living holder touches its lock; one that stopped doing so is dead.
  const heartbeat = setInterval(() => utimesSync(lock, new Date(), new Date()), STALE_MS / 4);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    if (Date.now() - statSync(lock).mtimeMs > STALE_MS)
      rmSync(lock, { recursive: true, force: true });
  } catch {
    // Released between the two calls.
  }
  return false;
}
