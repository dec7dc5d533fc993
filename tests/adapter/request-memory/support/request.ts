/** What a request of these tests carries with it: whether it has a memory, and what it draws. */
import { AsyncLocalStorage } from "node:async_hooks";
import { vi } from "vitest";

/** One request. */
export interface OfRequest {
  readonly memory: boolean;
  /** Where its numbers begin. They depend on nothing else, so that a request draws the same each time it is made. */
  readonly seed: number;
  /** How many it has drawn. */
  drawn: number;
}

const requests = new AsyncLocalStorage<OfRequest>();

/** Does the work of a request. */
export function asRequest<T>(of: Omit<OfRequest, "drawn">, work: () => Promise<T>): Promise<T> {
  return requests.run({ ...of, drawn: 0 }, work);
}

/** True within a request that has a memory. */
export const hasMemory = (): boolean => requests.getStore()?.memory === true;

/**
 * Wraps what runs again when it has met another one: it draws the same then, so that nobody can tell by what was drawn how
 * often it ran.
 */
export function drawingTheSame<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  const request = requests.getStore();
  const begin = request?.drawn;
  return (...args) => {
    if (request && begin !== undefined) request.drawn = begin;
    return work(...args);
  };
}

/** Makes what is drawn depend on the request alone, until mocks are restored; pauses are short. */
export function drawByRequest(): void {
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.spyOn(globalThis.crypto, "getRandomValues").mockImplementation((array) => {
    const { buffer, byteOffset, byteLength } = array as unknown as Uint8Array;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const request = requests.getStore() ?? outside;
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = byteOf(request);
    return array;
  });
}

const outside: OfRequest = { memory: false, seed: 0, drawn: 0 };

/** A byte by its place, spread by a hash of integers (the finalizer of MurmurHash3). */
function byteOf(request: OfRequest): number {
  request.drawn += 1;
  let hash = Math.imul(request.seed, 0x9e3779b1) ^ request.drawn;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & 255;
}
