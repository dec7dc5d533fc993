/** A phone: apps start on it and are ended, it sleeps and loses its network, and keeps what is in its store. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { runInContext } from "node:vm";
import { build } from "esbuild";
import { EXPO_PACKAGES } from "../expo/packages.js";
import type { memoryServer } from "../memory-socket.js";
import type * as Native from "./app.js";
import { nativeGlobals } from "./globals.js";
import { secureStore } from "./secure-store.js";

const require = createRequire(import.meta.url);
const { JSDOM } = require("jsdom") as { JSDOM: new (html: string) => { window: Window } };

/** An app's code as a device gets it. Only what draws it, which is react-dom here, sees a page. */
export async function bundleNativeApp(entry = "app.tsx"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "native",
    conditions: ["react-native"],
    mainFields: ["main"],
    define: { "process.env.NODE_ENV": '"development"' },
    jsx: "automatic",
    alias: Object.fromEntries(
      EXPO_PACKAGES.map((name) => [
        name,
        fileURLToPath(new URL(`../expo/${name}.ts`, import.meta.url)),
      ]),
    ),
    plugins: [
      {
        name: "react-dom has a page",
        setup: (context) => {
          context.onLoad({ filter: /node_modules\/react-dom\/.*\.js$/ }, async ({ path }) => {
            const { readFile } = await import("node:fs/promises");
            const page =
              "var window = globalThis.pageOfReact, document = window.document, navigator = window.navigator;";
            return { contents: `${page}\n${await readFile(path, "utf8")}` };
          });
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

/** An app that runs. */
export type NativeApp = ReturnType<typeof Native.start> &
  Pick<typeof Native, "setBrowser" | "setNetwork" | "setAppState">;

/** Makes a device with nothing in its store. `handler` is the deployment's site, `socket` its functions. */
export function createDevice(
  code: string,
  handler: (request: Request) => Promise<Response>,
  socket: ReturnType<typeof memoryServer>,
) {
  const items = new Map<string, string>();
  const requests: string[] = [];
  const clock = createClock();
  let isOnline = true;
  let running: NativeApp | undefined;

  /** `fetch` of a device: no origin, no cookies of its own. */
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(new URL(request.url).pathname.replace("/api/auth", ""));
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (!isOnline) throw new TypeError("Network request failed");
    return handler(request);
  };

  return {
    items,
    requests,
    /** Starts the app anew: nothing is left of the one before but what it stored. */
    start(): NativeApp {
      running?.stop();
      const context = nativeGlobals({ timers: clock.timers, fetch: send });
      const { window: page } = new JSDOM("<main></main>");
      context["pageOfReact"] = page;
      const native = runInContext(`${code}; native`, context) as typeof Native;
      // React Native has components and no elements of HTML.
      page.document.createElement = (name: string): never => {
        throw new Error(
          `View config getter callback for component \`${name}\` must be a function.`,
        );
      };
      const app = native.start({
        baseURL: "https://happy-animal-1.convex.site",
        storage: secureStore(items, clock.timers.setTimeout),
        webSocketConstructor: socket.webSocketConstructor,
        container: page.document.querySelector("main")!,
      });
      const { setBrowser, setNetwork, setAppState } = native;
      return (running = { ...app, setBrowser, setNetwork, setAppState });
    },
    /** Convex's client would go on connecting: its timers never run again. */
    stop(): void {
      running?.stop();
      clock.restore();
      socket.drop();
    },
    /** The network goes, or is back; `expo-network` tells. */
    network(is: boolean, tells = is): void {
      isOnline = is;
      socket.refuse(!is);
      if (!is) socket.drop();
      running?.setNetwork({ isConnected: tells, isInternetReachable: tells });
    },
    /** The app is left, and sleeps. */
    async sleep(ms: number): Promise<void> {
      running?.setAppState("inactive");
      running?.setAppState("background");
      await new Promise((resolve) => setTimeout(resolve, 50));
      clock.stop(ms);
      socket.drop();
    },
    /** The app is opened again: what should have run meanwhile runs now. */
    wake(): void {
      clock.goOn();
      running?.setAppState("active");
    },
  };
}

/** How much faster than ours the clock goes: pauses between attempts are seconds. */
const SPEED = 6;

/** The device's clock, which is everybody's, and its timers, which stand still while it sleeps. */
function createClock() {
  const RealDate = Date;
  const startedAt = RealDate.now();
  let ahead = 0;
  const now = (): number => startedAt + (RealDate.now() - startedAt) * SPEED + ahead;
  let isAsleep = false;
  const waiting = new Map<object, { due: number; run: () => void; handle?: NodeJS.Timeout }>();
  globalThis.Date = class extends RealDate {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as [number]));
    }
    static override now = now;
  } as DateConstructor;

  function arm(timer: object): void {
    const entry = waiting.get(timer);
    if (!entry || isAsleep) return;
    const run = (): void => {
      waiting.delete(timer);
      entry.run();
    };
    entry.handle = setTimeout(run, Math.max(entry.due - now(), 0) / SPEED);
  }

  return {
    timers: {
      setTimeout: ((run: () => void, ms = 0) => {
        const timer = {};
        waiting.set(timer, { due: now() + ms, run });
        arm(timer);
        return timer;
      }) as unknown as typeof setTimeout,
      clearTimeout: ((timer?: object) => {
        clearTimeout(waiting.get(timer ?? {})?.handle);
        waiting.delete(timer ?? {});
      }) as unknown as typeof clearTimeout,
    },
    stop(ms: number): void {
      isAsleep = true;
      ahead += ms;
      for (const { handle } of waiting.values()) clearTimeout(handle);
    },
    goOn(): void {
      isAsleep = false;
      for (const timer of [...waiting.keys()]) arm(timer);
    },
    restore(): void {
      isAsleep = true;
      for (const { handle } of waiting.values()) clearTimeout(handle);
      waiting.clear();
      globalThis.Date = RealDate;
    },
  };
}
