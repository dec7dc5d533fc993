/**
 * Runs inside every fresh context before any bundled module: shapes the globals of a bare V8 context into those of
 * Convex's runtime. Its source is evaluated in the context, so that everything it makes belongs to that realm; it must
 * not refer to anything outside itself but its argument.
 */

/** What the host passes in. Functions called from the context take and give primitives or host objects only. */
export interface PreludeHooks {
  kind: "query" | "mutation" | "action" | "httpAction" | "definition";
  env: (name: string) => string | undefined;
  envUnsetThrows: boolean;
  log: (level: string, text: string) => void;
  onClockRead: () => void;
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
  setTimeout: (callback: () => void, ms: number) => number;
  clearTimeout: (id: number) => void;
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

  // Node's implementations give buffers of their own realm, which no `instanceof` in here would recognise.
  const local = (value: unknown): unknown => {
    const tag = Object.prototype.toString.call(value);
    if (tag === "[object ArrayBuffer]") {
      const copy = new Uint8Array((value as ArrayBuffer).byteLength);
      copy.set(new Uint8Array(value as ArrayBuffer));
      return copy.buffer;
    }
    return tag === "[object Uint8Array]" ? new Uint8Array(value as Uint8Array) : value;
  };
  const encoder = new (scope["TextEncoder"] as typeof TextEncoder)();
  define(
    "TextEncoder",
    class {
      encode(text = ""): unknown {
        return local(encoder.encode(text));
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
    subtle[name] = async (...args: unknown[]) => local(await operation?.(...args));
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
  const now = (): number => {
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
    now: () => (hooks.kind === "query" || hooks.importPhase() ? 0 : now() - startedAt),
    timeOrigin: hooks.importTime,
  });

  // Randomness: the same at every import, real in handlers.
  let seed = 0x2545f491;
  const importRandom = (): number => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 0x100000000;
  };
  Math.random = () => (hooks.importPhase() ? importRandom() : hooks.random());
  define("crypto", {
    getRandomValues<T extends Uint8Array>(array: T): T {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      if (bytes.length > 65536) throw new Error("getRandomValues: at most 65536 bytes");
      if (hooks.importPhase())
        for (let i = 0; i < bytes.length; i++) bytes[i] = importRandom() * 256;
      else hooks.crypto.getRandomValues(bytes);
      return array;
    },
    randomUUID: () => hooks.crypto.randomUUID(),
    subtle,
  });

  // Base64 on Uint8Array, which Convex's V8 has and older Node versions lack.
  if (!("fromBase64" in Uint8Array)) {
    const atobText = scope["atob"] as (text: string) => string;
    const btoaText = scope["btoa"] as (text: string) => string;
    Object.defineProperty(Uint8Array, "fromBase64", {
      value: (text: string) => {
        const binary = atobText(text);
        const bytes = new Uint8Array(binary.length);
        for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
        return bytes;
      },
    });
    Object.defineProperty(Uint8Array.prototype, "toBase64", {
      value(this: Uint8Array) {
        let binary = "";
        for (const byte of this) binary += String.fromCharCode(byte);
        return btoaText(binary);
      },
    });
    Object.defineProperty(Uint8Array.prototype, "toHex", {
      value(this: Uint8Array) {
        return [...this].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      },
    });
  }

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
  if (transactional || hooks.kind === "definition") {
    define("fetch", refused("fetch()"));
    define("setTimeout", refused("setTimeout"));
    define("setInterval", refused("setInterval"));
  } else {
    define("setTimeout", (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      hooks.setTimeout(() => callback(...args), ms),
    );
    define("setInterval", refused("setInterval"));
  }
  define("clearTimeout", (id: number) => hooks.clearTimeout(id));
  define("clearInterval", () => undefined);

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
