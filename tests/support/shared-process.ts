/**
 * Test files that share a worker's process. Packages stay loaded from one file to the next, which is most of what a file
 * costs to begin; our own modules, what they keep, the variables of the process and its globals are each file's own.
 */
import { afterAll, vi } from "vitest";

// Vitest runs a setup file again before each test file: all that it ran itself is evaluated anew, packages are Node's.
vi.resetModules();

const given = process;
const variables = { ...given.env };
const globals = Object.getOwnPropertyDescriptors(globalThis);

// What is registered first ends last, after all that a file does itself.
afterAll(() => {
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
