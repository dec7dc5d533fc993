/**
 * Instantiates the inlined wasm, on first use and never at module scope. One way for Convex, Node, edge runtimes, tests
 * and bundlers: no `.wasm` import, no `import.meta`, no fetch.
 */
import { GateError } from "../errors/index.js";

/** What the glue of a module offers before it is instantiated. */
export interface GlueBase {
  initSync(input: { module: WebAssembly.Module; memory?: WebAssembly.Memory | undefined }): unknown;
}

/** An instance that is made when it is first asked for. */
export interface LazyInstance<Glue> {
  /** The instance. Throws GateError `WASM_UNAVAILABLE` where the runtime has no WebAssembly. */
  get(): Glue;
  /** Forgets the instance, as after a trap: its memory may be inconsistent. The next `get` makes a new one. */
  drop(): void;
}

/** Keeps one instance a realm. `createGlue` gives glue with a state of its own each time. */
export function lazy<Glue extends GlueBase>(
  bytes: string,
  createGlue: () => Glue,
): LazyInstance<Glue> {
  let compiled: WebAssembly.Module | undefined;
  let instance: Glue | undefined;
  return {
    get() {
      if (instance) return instance;
      compiled ??= compile(bytes);
      const glue = createGlue();
      glue.initSync({ module: compiled });
      return (instance = glue);
    },
    drop() {
      instance = undefined;
    },
  };
}

/** Compiles inlined wasm. Throws GateError `WASM_UNAVAILABLE` where the runtime has no WebAssembly. */
export function compile(bytes: string): WebAssembly.Module {
  if (typeof WebAssembly === "undefined") {
    throw new GateError(
      "WASM_UNAVAILABLE",
      "convex-gate needs WebAssembly, which this runtime does not have",
    );
  }
  return new WebAssembly.Module(decodeBase64(bytes));
}

interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  // Native in Convex and new browsers; Node 20 lacks it. A native decode is several times faster than a loop.
  const { fromBase64 } = Uint8Array as Base64Constructor;
  if (fromBase64) return fromBase64.call(Uint8Array, text);
  const binary = atob(text);
  const decoded = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) decoded[index] = binary.charCodeAt(index);
  return decoded;
}
