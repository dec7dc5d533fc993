/**
 * Test files that share a worker's process. Packages stay loaded from one file to the next, which is most of what a file
 * costs to begin; our own modules, what they keep, the variables of the process and its globals are each file's own.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, vi } from "vitest";

// Vitest runs a setup file again before each test file: all that it ran itself is evaluated anew, packages are Node's.
vi.resetModules();

const given = process;
const variables = { ...given.env };
const globals = Object.getOwnPropertyDescriptors(globalThis);

// Node 20 hands the value of every storage that ever ran to every promise, as long as the storage is not disabled. Each file has
// storages of its own; after some dozens of files they took a tenth of the time. One that runs again is enabled again.
const ran = new Set<AsyncLocalStorage<unknown>>();
const { prototype } = AsyncLocalStorage;
const { run } = prototype;
prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: Parameters<typeof run>) {
  ran.add(this);
  return run.apply(this, args);
} as typeof run;

// What is registered first ends last, after all that a file does itself.
afterAll(() => {
  prototype.run = run;
  for (const storage of ran) storage.disable();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  for (const name of Object.keys(given.env))
    if (!(name in variables)) Reflect.deleteProperty(given.env, name);
  Object.assign(given.env, variables);
  for (const [name, before] of Object.entries(globals)) {
    const now = Object.getOwnPropertyDescriptor(globalThis, name);
    if (now && Object.is(now.value, before.value) && now.get === before.get) continue;
    Object.defineProperty(globalThis, name, before);
  }
});
