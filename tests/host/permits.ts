/** So many at once: the others wait for their turn. `p-limit` has no patience that ends. */

/** Places that work takes. */
export interface Permits {
  with<T>(work: () => Promise<T>): Promise<T>;
}

/** Makes `count` places. Who has waited `patienceMs` for one gets what `refusal` makes. @default for ever */
export function createPermits(
  count: number,
  { patienceMs, refusal }: { patienceMs: number; refusal: () => Error } = {
    patienceMs: Infinity,
    refusal: () => new Error("no room"),
  },
): Permits {
  const waiting: (() => void)[] = [];
  let free = count;

  async function taken(): Promise<void> {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = Number.isFinite(patienceMs)
        ? setTimeout(() => {
            waiting.splice(waiting.indexOf(mine), 1);
            reject(refusal());
          }, patienceMs)
        : undefined;
      const mine = (): void => {
        clearTimeout(timer);
        resolve();
      };
      waiting.push(mine);
    });
  }

  return {
    async with(work) {
      await taken();
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
