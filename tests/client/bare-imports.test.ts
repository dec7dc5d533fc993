/** Every entry that runs beside an app's components loads where there is nothing but the language. */
import { build } from "esbuild";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";

const ENTRIES = ["client", "client/plugins", "react"];

it.each(ENTRIES)("%s loads without any global of a browser or of Node", async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [`js/${entry}/index.ts`],
    bundle: true,
    write: false,
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
