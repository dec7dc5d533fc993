/** Convex refuses modules that await at their top level; `node:vm` would run them. */
import { transform } from "esbuild";
import type { BundledModule } from "./push-request.js";

/** Throws, naming the module, when one of them awaits at its top level. */
export async function refuseTopLevelAwait(modules: readonly BundledModule[]): Promise<void> {
  for (const { path, source } of modules) {
    if (!/\bawait\b/.test(source)) continue;
    // CommonJS has no top-level await, so esbuild says where there is one.
    const failure: unknown = await transform(source, { format: "cjs", logLevel: "silent", target: "esnext" }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure !== undefined && /Top-level await/.test(String(failure))) {
      throw new Error(`Top-level awaits in source files are unsupported: ${path}`);
    }
  }
}
