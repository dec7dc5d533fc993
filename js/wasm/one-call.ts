/**
 * Instances of a wasm module that live for one call each. A password hash takes tens of MiB, wasm never gives memory back,
 * and garbage is collected some time later. So all instances get the same memory, whichever module they are of: two calls
 * never need it twice (a hash of another system is verified and the password hashed anew in one request), the whole of it
 * is wiped after each (the password, and what was made of it), and nothing holds on to it when they are over.
 */
import { GateError } from "../errors/index.js";
import type { GlueBase } from "./load.js";
import { compile } from "./load.js";

/** Wiped. All modules ask for the same size at first, and what has grown fits each of them. */
let spare: WeakRef<WebAssembly.Memory> | undefined;

/**
 * A function that does `work` with a new instance of the module of `bytes`, which is compiled at the first call. What is
 * undefined is a fault, as a trap is: GateError `INTERNAL_FAULT` says that the `name` stopped.
 */
export function oneCall<Glue extends GlueBase>(
  name: string,
  bytes: string,
  createGlue: () => Glue,
): <T>(work: (glue: Glue) => T | undefined) => T {
  let compiled: WebAssembly.Module | undefined;

  return (work) => {
    compiled ??= compile(bytes);
    const glue = createGlue();
    const exported = glue.initSync({ module: compiled, memory: spare?.deref() });
    const { memory } = exported as { readonly memory: WebAssembly.Memory };
    // Only what was wiped is used again.
    spare = undefined;
    try {
      const answer = work(glue);
      if (answer !== undefined) return answer;
    } catch (cause) {
      throw fault(cause);
    } finally {
      new Uint8Array(memory.buffer).fill(0);
      spare = new WeakRef(memory);
    }
    throw fault(undefined);
  };

  function fault(cause: unknown): GateError {
    return new GateError("INTERNAL_FAULT", `${name} stopped on an internal fault`, { cause });
  }
}
