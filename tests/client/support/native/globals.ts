/** The globals of React Native 0.83 with Hermes, as far as they differ from a browser's: a fake that is as poor as they are. */
import { createContext } from "node:vm";
import type { Context } from "node:vm";

/** What a device's clock and network do. */
export interface Surroundings {
  readonly timers: Pick<typeof globalThis, "setTimeout" | "clearTimeout">;
  readonly fetch: typeof fetch;
}

/**
 * A context with these globals. Not there: `document`, `location`, storages, `BroadcastChannel`, `crypto`, `structuredClone`,
 * `addEventListener`, `MessageChannel`, `Event`, `TextDecoder`, streams, `URL.canParse` and the setters of `URL`, static
 * methods of `AbortSignal` and `Response`, `Headers.getSetCookie`, WebAssembly, shared memory, finalizers, and code made of
 * text. Read in react-native 0.83.10 (Libraries/Core, Libraries/Blob/URL.js, Libraries/Network).
 */
export function nativeGlobals({ timers, fetch: send }: Surroundings): Context {
  const setInterval = (run: () => void, ms: number): { stop: () => void } => {
    let timer: ReturnType<typeof setTimeout>;
    const again = (): void => {
      timer = timers.setTimeout(() => {
        again();
        run();
      }, ms);
    };
    again();
    return { stop: () => timers.clearTimeout(timer) };
  };
  const sandbox: Record<string, unknown> = {
    ...timers,
    setInterval,
    clearInterval: (interval?: { stop: () => void }) => interval?.stop(),
    setImmediate: (run: () => void) => timers.setTimeout(run, 0),
    requestAnimationFrame: (run: () => void) => timers.setTimeout(run, 16),
    queueMicrotask,
    console,
    performance: { now: () => performance.now() },
    navigator: { product: "ReactNative" },
    process: { env: {} },
    atob,
    btoa,
    Date,
    fetch: async (input: string, init?: RequestInit) => nativeResponse(await send(input, init)),
    URL: NativeUrl,
    URLSearchParams,
    Headers: poorer(Headers, ["getSetCookie"]),
    // Only named by what runs here. Instances of `whatwg-fetch` have their properties themselves.
    ...Object.fromEntries(
      ["Request", "Response", "FormData", "Blob", "File"].map((name) => [name, function () {}]),
    ),
    AbortController,
    AbortSignal: poorer(AbortSignal, []),
    TextEncoder,
  };
  const context = createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });
  for (const name of ["window", "global", "self"]) sandbox[name] = context;
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "FinalizationRegistry"])
    sandbox[name] = undefined;
  return context;
}

/** Reads only: to set a part of an address is an error there, and `canParse` is not there. */
class NativeUrl {
  readonly #url: URL;
  constructor(url: string | URL | NativeUrl, base?: string | URL | NativeUrl) {
    this.#url = new URL(String(url), base === undefined ? undefined : String(base));
  }
  get hash(): string {
    return this.#url.hash;
  }
  get host(): string {
    return this.#url.host;
  }
  get hostname(): string {
    return this.#url.hostname;
  }
  get href(): string {
    return this.#url.href;
  }
  get origin(): string {
    return this.#url.origin;
  }
  get pathname(): string {
    return this.#url.pathname;
  }
  get port(): string {
    return this.#url.port;
  }
  get protocol(): string {
    return this.#url.protocol;
  }
  get search(): string {
    return this.#url.search;
  }
  get searchParams(): URLSearchParams {
    return this.#url.searchParams;
  }
  toString(): string {
    return this.#url.href;
  }
  toJSON(): string {
    return this.#url.href;
  }
}

/** The class without its static methods, and without these of its instances. */
function poorer<T extends new (...args: never[]) => object>(base: T, without: string[]): T {
  function Poorer(...args: never[]): object {
    return Reflect.construct(base, args, Poorer) as object;
  }
  Poorer.prototype = Object.create(base.prototype as object) as object;
  for (const name of without) Object.defineProperty(Poorer.prototype, name, { value: undefined });
  return Poorer as unknown as T;
}

/** An answer as `whatwg-fetch` gives it: no stream, one `set-cookie`. */
async function nativeResponse(response: Response): Promise<unknown> {
  const body = await response.text();
  const { status, statusText, ok, url, type } = response;
  const get = (name: string): string | null => response.headers.get(name);
  const headers = {
    get,
    has: (name: string) => get(name) !== null,
    forEach: (each: (value: string, name: string) => void) =>
      new Map(response.headers).forEach((value, name) => each(value, name)),
  };
  const answer = {
    ...{ status, statusText, ok, url, type, headers },
    text: () => Promise.resolve(body),
    json: () => Promise.resolve(JSON.parse(body) as unknown),
    clone: () => answer,
  };
  return answer;
}
