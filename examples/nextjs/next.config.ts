import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

// The example shares files and packages with its neighbours; an app of your own needs nothing of this file.
const root = fileURLToPath(new URL("../..", import.meta.url));

export default {
  turbopack: { root },
  outputFileTracingRoot: root,
  // Where `npm test` has compiled everything already.
  typescript: { ignoreBuildErrors: process.env.EXAMPLES_ARE_CHECKED === "1" },
} satisfies NextConfig;
