/** Which variables are read while something runs. */

type Env = Record<string, string | undefined>;

const watches = new Set<Set<string>>();
let real: Env | undefined;

/** Notes the name of every variable that is read until it is stopped. */
export function watchEnv(names: Set<string>): { stop(): void } {
  if (watches.size === 0) {
    real = process.env as Env;
    (process as { env: Env }).env = new Proxy(real, {
      get(target, name) {
        note(name);
        return Reflect.get(target, name) as unknown;
      },
      has(target, name) {
        note(name);
        return Reflect.has(target, name);
      },
    });
  }
  watches.add(names);
  return {
    stop() {
      watches.delete(names);
      if (watches.size === 0 && real) (process as { env: Env }).env = real;
    },
  };
}

function note(name: string | symbol): void {
  if (typeof name === "string") for (const names of watches) names.add(name);
}
