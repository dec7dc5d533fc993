import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

// The example shares files and packages with its neighbours; an app of its own needs none of this.
const root = fileURLToPath(new URL("../..", import.meta.url));

export default {
  turbopack: { root },
  outputFileTracingRoot: root,
} satisfies NextConfig;
