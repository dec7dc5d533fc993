/** Every entry that runs beside an app's components loads where there is nothing but the language. */
import { build } from "esbuild";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";

const ENTRIES = ["client/index", "client/plugins/index", "react/index", "expo/native", "expo/web"];

it.each(ENTRIES)("%s loads without any global of a browser or of Node", async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [`js/${entry}.ts`],
    bundle: true,
    write: false,
    logLevel: "error",
    format: "iife",
    globalName: "entry",
    // What is not ours loads on its own terms; ours must not touch a thing while it does.
    plugins: [
      {
        name: "peers",
        setup: (context) => {
          context.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
            kind === "entry-point" ? undefined : { path, namespace: "peer" },
          );
          context.onLoad({ filter: /.*/, namespace: "peer" }, ({ path }) => ({
            contents: PEERS[path] ?? "",
          }));
        },
      },
    ],
  });
  const names = runInNewContext(
    `${outputFiles[0]?.text ?? ""}; Object.keys(entry)`,
    {},
  ) as string[];
  expect(names.length).toBeGreaterThan(0);
});

/** Just what classes and contexts of ours are made with while they load. */
const PEERS: Record<string, string> = {
  react: `
    export class Component {}
    export const createContext = () => ({});
    export const [useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore] = [];`,
  "react/jsx-runtime": "export const [jsx, jsxs, Fragment] = [];",
  "convex/react":
    "export const [ConvexProvider, ConvexProviderWithAuth, useConvex, useConvexAuth] = [];",
};
