/** A lock between processes, so that two clones do not install the same thing at once: before there is any package. */
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "./process.mjs";

/** The project's folder in the user's cache, or one in this clone where that cannot be written. */
export const cacheFolder = writableOr(
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "convex-gate"),
  join(root, "target/cache"),
);

const STALE_MS = 60_000;
const RETRY_MS = 500;
const HOLDER = "pid";

function writableOr(folder, other) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return other;
  }
}

/** Does the work while no other process of this clone holds the lock of this name. */
export function withCloneLock(name, work) {
  const clone = createHash("sha256").update(root).digest("hex").slice(0, 12);
  return withLock(`${name}-${clone}`, work);
}

/** Does the work while no other process holds the lock of this name. A lock whose holder died is taken over. */
export async function withLock(name, work) {
  mkdirSync(cacheFolder, { recursive: true });
  const lock = join(cacheFolder, `${name}.lock`);
  let waiting = false;
  while (!taken(lock)) {
    if (!waiting) console.log(`  waiting for another process (${lock})`);
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  // A living holder touches its lock; one that stopped doing so is dead.
  const heartbeat = setInterval(() => utimesSync(lock, new Date(), new Date()), STALE_MS / 4);
  const release = () => rmSync(lock, { recursive: true, force: true });
  const stop = (signal) => {
    release();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off("SIGINT", stop).off("SIGTERM", stop);
    release();
  }
}

function taken(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, HOLDER), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (isStale(lock)) {
    // Renamed first: of several processes that find it stale one succeeds, and a new lock is never removed.
    const removed = `${lock}.${process.pid}`;
    try {
      renameSync(lock, removed);
      rmSync(removed, { recursive: true, force: true });
    } catch {
      // Another process was quicker.
    }
  }
  return false;
}

function isStale(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > STALE_MS) return true;
    return !isAlive(Number(readFileSync(join(lock, HOLDER), "utf8")));
  } catch {
    // Released, or taken this moment and not signed yet.
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
