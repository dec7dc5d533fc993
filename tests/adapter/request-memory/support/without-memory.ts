/** Stores and transactions that remember nothing: what the memory is compared with. */
import type { createForesight } from "../../../../js/adapter/request-memory/foresight.js";
import type { Knowledge } from "../../../../js/adapter/request-memory/knowledge.js";
import type { remembering } from "../../../../js/adapter/request-memory/remembering-store.js";
import { hasMemory } from "./request.js";

const knowsNothing: Knowledge = {
  learn: () => undefined,
  foresee: () => undefined,
  wrote: () => new Set(),
  copy: () => knowsNothing,
  forget: () => undefined,
};

const ignored = (): void => undefined;

/** As `remembering`, and in a request without a memory the store itself. */
export function rememberingOrNot(actual: typeof remembering): typeof remembering {
  return (store) => {
    if (hasMemory()) return actual(store);
    return {
      ...store,
      knowledge: knowsNothing,
      bringAlong: ignored,
      joinAlong: ignored,
      begin: ignored,
      end: ignored,
    };
  };
}

/** As `createForesight`, and in a request without a memory nothing is foreseen: reads and rehearsals tell. */
export function foresightOrNone(actual: typeof createForesight): typeof createForesight {
  return (store, mode) =>
    hasMemory()
      ? actual(store, mode)
      : {
          tell: () => Promise.resolve(undefined),
          made: ignored,
          gone: ignored,
          remembered: () => false,
        };
}
