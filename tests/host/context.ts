/** A fresh V8 context with the globals of Convex's runtime and nothing else. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { webcrypto } from "node:crypto";
import { inspect, types } from "node:util";
import * as vm from "node:vm";
import type { Base64Hooks } from "./base64.js";
import { defineBase64 } from "./base64.js";
import type { ContextKind, PreludeHooks } from "./prelude.js";
import { prelude } from "./prelude.js";
import type { RealmHooks } from "./realm.js";
import { bridgeRealms } from "./realm.js";

/** What a context is made for. */
export interface ContextOptions extends CallOptions {
  env: (name: string) => string | undefined;
  envUnsetThrows?: boolean;
  /** @default Node's */
  fetch?: typeof fetch | undefined;
}

/** What each call in a context has of its own. */
export interface CallOptions {
  kind: ContextKind;
  /** Milliseconds since the epoch at which the function was called. */
  callTime: number;
  onClockRead: () => void;
  log: (level: string, text: string) => void;
}

/** A context and the switch between importing its modules and running a handler. */
export interface RuntimeContext {
  context: vm.Context;
  /** Makes a request of the host one of the context. */
  adopt(request: Request): Request;
  /** Ends the import phase: the clock and randomness are real from now on. */
  finishImport(): void;
  /** Another query or mutation runs in here. */
  resume(call: CallOptions): void;
  /** Forgets pending timers and async storages, as the end of an action does. */
  dispose(): void;
}

/** Any constant will do: on Convex it is the time of the push. */
const IMPORT_TIME_MS = 1_700_000_000_000;

const preludeScript = new vm.Script(`(${prelude.toString()})`, {
  filename: "convex-runtime-prelude",
});
const realmScript = new vm.Script(`(${bridgeRealms.toString()})`, {
  filename: "convex-runtime-realm",
});
const base64Script = new vm.Script(`(${defineBase64.toString()})`, {
  filename: "convex-runtime-base64",
});
const base64Hooks: Base64Hooks = {
  decode: (text) => Buffer.from(text, "base64"),
  encode: (bytes) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
};
const realmHooks: RealmHooks = {
  isNativeError: types.isNativeError,
  isArrayBuffer: types.isArrayBuffer,
  isUint8Array: types.isUint8Array,
  isPromise: types.isPromise,
};

/** Makes a context. */
export function createRuntimeContext(options: ContextOptions): RuntimeContext {
  let importing = true;
  const storages = storagesOfContext();
  const timers = new Map<number, NodeJS.Timeout>();
  let lastTimer = 0;
  const hooks: PreludeHooks = {
    kind: options.kind,
    env: options.env,
    envUnsetThrows: options.envUnsetThrows ?? false,
    log: options.log,
    onClockRead: options.onClockRead,
    importPhase: () => importing,
    importTime: IMPORT_TIME_MS,
    callTime: options.callTime,
    realNow: () => Date.now(),
    random: () => Math.random(),
    web: { ...webGlobals(), AsyncLocalStorage: storages.Class, fetch: options.fetch ?? fetch },
    crypto: {
      getRandomValues: (bytes) => void webcrypto.getRandomValues(bytes),
      randomUUID: () => webcrypto.randomUUID(),
      subtle: subtleFor(options.kind, () => importing),
    },
    startTimer: (callback, ms, repeats) => {
      lastTimer += 1;
      timers.set(lastTimer, repeats ? setInterval(callback, ms) : setTimeout(callback, ms));
      return lastTimer;
    },
    stopTimer: (id) => {
      // Ends intervals too.
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    inspect: (value) => inspect(value, { depth: 4 }),
  };
  // An ordinary context: in a contextified one every use of a global is a call out of V8.
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: true },
  });
  (preludeScript.runInContext(context) as (hooks: PreludeHooks) => void)(hooks);
  (base64Script.runInContext(context) as (hooks: Base64Hooks) => void)(base64Hooks);
  const bridge = realmScript.runInContext(context) as (
    hooks: RealmHooks,
  ) => (value: unknown) => unknown;
  const adopt = bridge(realmHooks);
  return {
    context,
    adopt: (request) => adopt(request) as Request,
    finishImport: () => {
      importing = false;
    },
    resume: ({ kind, callTime, onClockRead, log }) =>
      Object.assign(hooks, { kind, callTime, onClockRead, log }),
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      storages.disable();
    },
  };
}

/**
 * A class of storages that can be disabled together. Node 20 asks every storage that was ever entered about every new
 * promise of the process until it is disabled, so those of calls that are over would make each call dearer than the last.
 */
function storagesOfContext(): { Class: typeof AsyncLocalStorage; disable: () => void } {
  const made: AsyncLocalStorage<unknown>[] = [];
  class Class<T> extends AsyncLocalStorage<T> {
    constructor(...args: ConstructorParameters<typeof AsyncLocalStorage<T>>) {
      super(...args);
      made.push(this);
    }
  }
  Object.defineProperty(Class, "name", { value: "AsyncLocalStorage" });
  return {
    Class,
    disable: () => {
      for (const storage of made.splice(0)) storage.disable();
    },
  };
}

/** The web platform's classes that Convex offers, as Node implements them. */
function webGlobals(): Record<string, unknown> {
  return {
    AbortController,
    AbortSignal,
    AsyncResource,
    Blob,
    DOMException,
    Event,
    EventTarget,
    File: globalThis.File,
    FormData,
    Headers,
    ReadableStream,
    Request,
    Response,
    TextDecoder,
    TextDecoderStream,
    TextEncoder,
    TextEncoderStream,
    TransformStream,
    URL,
    URLSearchParams,
    WritableStream,
    CryptoKey: webcrypto.CryptoKey,
    atob,
    btoa,
    queueMicrotask,
    structuredClone,
  };
}

const NO_RANDOMNESS = "Can't use cryptographic randomness in queries and mutations";

/** Convex refuses what needs system randomness in queries and mutations: key generation, ECDSA and RSA-PSS signatures. */
function subtleFor(kind: ContextKind, importing: () => boolean): PreludeHooks["crypto"]["subtle"] {
  const restricted = (): boolean =>
    kind !== "action" && kind !== "httpAction" ? true : importing();
  const names = [
    "decrypt",
    "deriveBits",
    "deriveKey",
    "digest",
    "encrypt",
    "exportKey",
    "generateKey",
    "importKey",
    "sign",
    "verify",
  ] as const;
  const subtle: PreludeHooks["crypto"]["subtle"] = {};
  for (const name of names) {
    subtle[name] = async (...args) => {
      if (restricted() && needsRandomness(name, args[0])) throw new Error(NO_RANDOMNESS);
      const operation = webcrypto.subtle[name] as (...args: unknown[]) => Promise<unknown>;
      return operation.apply(webcrypto.subtle, args);
    };
  }
  return subtle;
}

function needsRandomness(operation: string, algorithm: unknown): boolean {
  if (operation === "generateKey") return true;
  const name =
    typeof algorithm === "string" ? algorithm : (algorithm as { name?: string } | null)?.name;
  return operation === "sign"
    ? name === "ECDSA" || name === "RSA-PSS"
    : operation === "encrypt" && name === "RSA-OAEP";
}
