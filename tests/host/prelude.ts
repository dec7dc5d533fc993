/**
 * Runs inside every fresh context before any bundled module: shapes the globals of a bare V8 context into those of
 * Convex's runtime. Its source is evaluated in the context, so that everything it makes belongs to that realm; it must
 * not refer to anything outside itself but its argument.
 */

/** A function's kind, `analysis` for looking at modules at a push, `config` for definitions, schemas and auth.config. */
export type ContextKind = "query" | "mutation" | "action" | "httpAction" | "analysis" | "config";

/** What the host passes in. Functions called from the context take and give primitives or host objects only. */
export interface PreludeHooks {
  kind: ContextKind;
  /** What is evaluated in a context of kind `config`, as errors call it. @default "app definition" */
  file?: string | undefined;
  env: (name: string) => string | undefined;
  envUnsetThrows: boolean;
  log: (level: string, text: string) => void;
  onClockRead: () => void;
  /** Hears an error that the function cannot catch. */
  fatal: (error: unknown) => void;
  importPhase: () => boolean;
  importTime: number;
  callTime: number;
  realNow: () => number;
  random: () => number;
  web: Record<string, unknown>;
  crypto: {
    getRandomValues: (array: Uint8Array) => void;
    randomUUID: () => string;
    subtle: Record<string, (...args: unknown[]) => Promise<unknown>>;
  };
  /** Starts a timer that fires once or again and again, and gives its id. */
  startTimer: (callback: () => void, ms: number, repeats: boolean) => number;
  stopTimer: (id: number) => void;
  inspect: (value: unknown) => string;
}

/** The prelude. Serialised with `toString`, see above. */
export function prelude(hooks: PreludeHooks): void {
  const scope = globalThis as unknown as Record<string, unknown>;
  const transactional = hooks.kind === "query" || hooks.kind === "mutation";
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(scope, name, { value, writable: true, configurable: true });
  };
  for (const name of Object.keys(hooks.web)) define(name, hooks.web[name]);
  define("self", scope);

  const encoder = new (scope["TextEncoder"] as typeof TextEncoder)();
  define(
    "TextEncoder",
    class {
      encode(text = ""): Uint8Array {
        // Node's bytes belong to its own realm.
        return new Uint8Array(encoder.encode(text));
      }
      encodeInto(text: string, target: Uint8Array): unknown {
        return encoder.encodeInto(text, target as Uint8Array<ArrayBuffer>);
      }
      get encoding(): string {
        return "utf-8";
      }
    },
  );
  const subtle: Record<string, unknown> = {};
  for (const name of Object.keys(hooks.crypto.subtle)) {
    const operation = hooks.crypto.subtle[name];
    subtle[name] = async (...args: unknown[]) => await operation?.(...args);
  }

  // process: nothing but env.
  const readEnv = (name: string | symbol): string | undefined => {
    if (typeof name !== "string") return undefined;
    const value = hooks.env(name);
    if (value === undefined && hooks.envUnsetThrows) {
      throw new Error(
        `Environment variable ${name} is used in auth config file but its value was not set`,
      );
    }
    return value;
  };
  // As on Convex, only reading is answered: `in` says no and there is nothing to enumerate.
  const env = new Proxy({}, { get: (_target, name) => readEnv(name) });
  define("process", { env });

  // The clock: fixed while modules are imported and within a query or mutation.
  const RealDate = Date;
  const unavailable = (name: string): void => {
    if (hooks.kind !== "config") return;
    const what = name.replace(/\.now$/, "");
    throw new Error(`${what} unsupported when evaluating ${hooks.file ?? "app definition"}`);
  };
  const now = (): number => {
    unavailable("Date");
    if (hooks.importPhase()) return hooks.importTime;
    hooks.onClockRead();
    return transactional ? hooks.callTime : hooks.realNow();
  };
  const ConvexDate = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target);
  };
  for (const name of ["UTC", "parse"] as const) {
    Object.defineProperty(ConvexDate, name, {
      value: RealDate[name],
      writable: true,
      configurable: true,
    });
  }
  Object.defineProperty(ConvexDate, "now", { value: now, writable: true, configurable: true });
  Object.defineProperty(ConvexDate, "name", { value: "Date", configurable: true });
  ConvexDate.prototype = RealDate.prototype;
  Object.defineProperty(RealDate.prototype, "constructor", {
    value: ConvexDate,
    writable: true,
    configurable: true,
  });
  define("Date", ConvexDate);
  const startedAt = hooks.realNow();
  define("performance", {
    now: () => {
      unavailable("performance.now");
      if (hooks.kind === "query" || hooks.importPhase()) return 0;
      hooks.onClockRead();
      return hooks.realNow() - startedAt;
    },
    timeOrigin: hooks.importTime,
  });

  // Randomness: the same at every import, real in handlers.
  let seed = 0x2545f491;
  const importRandom = (): number => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 0x100000000;
  };
  Math.random = () => {
    unavailable("Math.random");
    return hooks.importPhase() ? importRandom() : hooks.random();
  };
  define("crypto", {
    getRandomValues<T extends Uint8Array>(array: T): T {
      unavailable("crypto.getRandomValues");
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      if (bytes.length > 65536) throw new Error("getRandomValues: at most 65536 bytes");
      if (hooks.importPhase())
        for (let i = 0; i < bytes.length; i++) bytes[i] = importRandom() * 256;
      else hooks.crypto.getRandomValues(bytes);
      return array;
    },
    randomUUID: () => {
      unavailable("crypto.randomUUID");
      if (!hooks.importPhase()) return hooks.crypto.randomUUID();
      return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
        (Number(digit) ^ ((importRandom() * 16) >> (Number(digit) / 4))).toString(16),
      );
    },
    subtle,
  });

  // Convex stubs both: finalisers never run and weak references are strong.
  define(
    "WeakRef",
    class {
      readonly #target: unknown;
      constructor(target: unknown) {
        this.#target = target;
      }
      deref(): unknown {
        return this.#target;
      }
    },
  );
  define(
    "FinalizationRegistry",
    class {
      register(): void {}
      unregister(): boolean {
        return false;
      }
    },
  );

  const refused = (name: string) => (): never => {
    throw new Error(
      `Can't use ${name} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
    );
  };
  if (hooks.kind === "action" || hooks.kind === "httpAction") {
    const timer =
      (repeats: boolean) =>
      (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number =>
        hooks.startTimer(() => callback(...args), ms, repeats);
    define("setTimeout", timer(false));
    define("setInterval", timer(true));
  } else {
    define("fetch", refused("fetch()"));
    // These end the function, whoever catches the error.
    for (const timer of ["setTimeout", "setInterval"]) {
      const refuse = refused(timer);
      define(timer, () => {
        try {
          refuse();
        } catch (error) {
          hooks.fatal(error);
          throw error;
        }
      });
    }
  }
  define("clearTimeout", hooks.stopTimer);
  define("clearInterval", hooks.stopTimer);

  const logger =
    (level: string) =>
    (...values: unknown[]): void =>
      hooks.log(
        level,
        values.map((value) => (typeof value === "string" ? value : hooks.inspect(value))).join(" "),
      );
  const levels = ["debug", "error", "info", "log", "trace", "warn"];
  const console: Record<string, unknown> = {};
  for (const level of levels) console[level] = logger(level);
  for (const quiet of [
    "time",
    "timeEnd",
    "timeLog",
    "group",
    "groupEnd",
    "count",
    "assert",
    "table",
  ]) {
    console[quiet] = () => undefined;
  }
  define("console", console);
}
