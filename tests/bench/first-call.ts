/**
 * `npm run bench -- --first-call`: what the component's part of `getAuthUser` costs in a fresh context, step by step, in this
 * process's V8. `first` has wasm that V8 has never seen, as after a deployment; `again` has that of a context which is alive.
 */
import { setFlagsFromString } from "node:v8";
import * as vm from "node:vm";
import { createRuntimeContext } from "../host/context.js";
import { bundleApp } from "../host/index.js";
import { createModuleSet } from "../host/modules.js";
import type { ModuleSet } from "../host/modules.js";
import type { ExportedFunction } from "../host/runtime.js";
import { appFolder } from "./side.js";
import { summarise } from "./statistics.js";

const ROUNDS = 100;
const STEPS = ["context", "evaluate", "decode", "compile", "instantiate", "call"] as const;
type Step = (typeof STEPS)[number];
type Times = Record<Step | "all", number>;

/** What `getAuthUser` asks the component for, and the rows that answer it. */
const args = JSON.stringify([{ sessionId: "s1", userId: "u1" }]);
const rows: Record<string, object> = {
  session: { _id: "a", _creationTime: 1, id: "s1", userId: "u1", token: "t", expiresAt: 2 },
  user: { _id: "b", _creationTime: 1, id: "u1", email: "ada@example.com", name: "Ada" },
};

setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;
const component = await ourComponent();
// V8 keeps the code as long as somebody holds it.
const held: WebAssembly.Module[] = [];
await call(false, held);
const times = { first: [] as Times[], again: [] as Times[] };
for (let round = -3; round < ROUNDS; round += 1) {
  for (const name of ["first", "again"] as const) {
    // What earlier rounds leave must not be paid for in this one.
    collectGarbage();
    const spent = await call(name === "first", []);
    if (round >= 0) times[name].push(spent);
  }
}
if (held.length !== 1) throw new Error(`${String(held.length)} modules were compiled for one call`);
console.log("| step | first, ms | again, ms |\n| --- | ---: | ---: |");
for (const step of [...STEPS, "all"] as const) {
  const [first, again] = [times.first, times.again].map((series) => {
    const { median, lowerQuartile, upperQuartile } = summarise(series.map((each) => each[step]));
    return `${median.toFixed(2)} (${lowerQuartile.toFixed(2)} to ${upperQuartile.toFixed(2)})`;
  });
  console.log(`| ${step} | ${String(first)} | ${String(again)} |`);
}

/** The component of the real bundle. */
async function ourComponent(): Promise<ModuleSet> {
  const { componentDefinitions } = await bundleApp(await appFolder("ours"));
  const [ours] = componentDefinitions.filter(({ functions }) =>
    functions.some(({ path }) => path === "gate.js"),
  );
  return createModuleSet(ours?.functions ?? []);
}

/** One call in a context of its own. What it compiles goes to `compiled`. */
async function call(unseen: boolean, compiled: WebAssembly.Module[]): Promise<Times> {
  const spent = Object.fromEntries([...STEPS, "all"].map((step) => [step, 0])) as Times;
  const timed = <T>(step: Step, work: () => T): T => {
    const start = performance.now();
    try {
      return work();
    } finally {
      spent[step] += performance.now() - start;
    }
  };
  const runtime = timed("context", () =>
    createRuntimeContext({
      kind: "query",
      env: () => undefined,
      callTime: 0,
      onClockRead: () => undefined,
      log: () => undefined,
    }),
  );
  (vm.runInContext(`(${watched.toString()})`, runtime.context) as typeof watched)({
    timed,
    decode: (text) => Buffer.from(text, "base64"),
    bytes: (bytes) => (unseen ? neverSeen(bytes) : bytes),
    keep: (module) => void compiled.push(module),
  });
  const evaluation = performance.now();
  const { namespace } = await component.evaluate("gate.js", runtime.context);
  spent.evaluate = performance.now() - evaluation;
  runtime.finishImport();
  Object.assign(runtime.context, { Convex: database() });
  const { sessionUser } = namespace as Record<string, ExportedFunction>;
  const start = performance.now();
  const answer = await sessionUser?.invokeQuery(args);
  const whole = performance.now() - start;
  if (answer?.includes("ada@example.com") !== true) throw new Error(`not found: ${String(answer)}`);
  spent.call = whole - spent.decode - spent.compile - spent.instantiate;
  spent.all = spent.context + spent.evaluate + whole;
  runtime.dispose();
  return spent;
}

interface Hooks {
  timed<T>(step: Step, work: () => T): T;
  decode(text: string): Uint8Array;
  bytes(bytes: Uint8Array): Uint8Array;
  keep(module: WebAssembly.Module): void;
}

/** Runs in the context: notes what decoding, compiling and instantiating take. */
function watched({ timed, decode, bytes, keep }: Hooks): void {
  const { Module, Instance } = WebAssembly;
  Object.defineProperty(Uint8Array, "fromBase64", {
    // Convex's V8 has it natively; here Node's decoder stands in, without the host's checks of the text.
    value: (text: string) => timed("decode", () => decode(text)),
  });
  const standIn = <T>(prototype: T, make: (...given: never[]) => T): unknown =>
    Object.assign(
      function (...given: never[]) {
        return make(...given);
      },
      { prototype },
    );
  Object.assign(WebAssembly, {
    Module: standIn(Module.prototype, (given: Uint8Array) => {
      const wasm = bytes(given) as Uint8Array<ArrayBuffer>;
      const module = timed("compile", () => new Module(wasm));
      keep(module);
      return module;
    }),
    Instance: standIn(
      Instance.prototype,
      (module: WebAssembly.Module, imports: WebAssembly.Imports) =>
        timed("instantiate", () => new Instance(module, imports)),
    ),
  });
}

/** The same wasm with a section that says nothing and differs each time: V8 has no code for it. */
function neverSeen(bytes: Uint8Array): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeDoubleLE(performance.now());
  return Buffer.concat([bytes, Buffer.from([0, 10, 1, 0x78]), number]);
}

/** A database of two rows that answers at once. */
function database(): object {
  const open: string[] = [];
  return {
    syscall(operation: string, text: string): string {
      if (operation !== "1.0/queryStream") return "null";
      const { query } = JSON.parse(text) as { query: { source: { indexName?: string } } };
      open.push(query.source.indexName?.split(".")[0] ?? "");
      return JSON.stringify({ queryId: open.length - 1 });
    },
    asyncSyscall(operation: string, text: string): Promise<string> {
      if (operation !== "1.0/queryStreamNext") return Promise.resolve("null");
      const { queryId } = JSON.parse(text) as { queryId: number };
      const value = rows[open[queryId] ?? ""] ?? null;
      open[queryId] = "";
      return Promise.resolve(JSON.stringify({ value, done: value === null }));
    },
  };
}
