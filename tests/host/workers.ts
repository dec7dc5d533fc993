/**
 * Which context a call finds, as on a backend that keeps them (convex-backend 94a42c3db): a worker runs one call at a time and
 * keeps at most one context, that of the module which it ran last. A call goes to a worker that has its module's, else to
 * one that has none, and only then takes another module's place.
 */

/** Something that is kept between calls of one module. */
export interface Kept {
  dispose(): void;
}

/** A worker that is taken by a call. */
export interface Worker<T extends Kept> {
  /** What the module's last call left, unless another module took the worker since. */
  kept: T | undefined;
  /** Lets the worker go, with what it keeps for the module's next call. */
  leave(kept?: T): void;
}

/** The workers of a deployment. */
export interface Workers<T extends Kept> {
  /** Without `module` nothing that is kept is of use. */
  enter(module?: string): Worker<T>;
}

interface Idle<T extends Kept> {
  module: string | undefined;
  kept: T | undefined;
}

/** At most so many workers, which have run nothing yet; a backend has up to 300. A call that finds all of them busy has one of its own: nothing waits here. */
export function createWorkers<T extends Kept>(most: number): Workers<T> {
  // The one that was used last comes first.
  const idle: Idle<T>[] = [];
  let all = 0;

  const take = (module: string | undefined): T | undefined => {
    const warm = idle.findIndex((each) => each.kept && each.module === module);
    const empty = idle.findIndex((each) => !each.kept);
    const index = warm >= 0 ? warm : empty >= 0 || all < most ? empty : idle.length - 1;
    const [found] = index >= 0 ? idle.splice(index, 1) : [];
    if (!found) all += 1;
    if (warm >= 0) return found?.kept;
    found?.kept?.dispose();
    return undefined;
  };

  return {
    enter(module) {
      return {
        kept: take(module),
        leave(kept) {
          if (all <= most) idle.unshift({ module, kept });
          else {
            all -= 1;
            kept?.dispose();
          }
        },
      };
    },
  };
}
