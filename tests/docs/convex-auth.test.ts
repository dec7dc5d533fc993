/** The way from Convex Auth: `auth.ts` of its page, and what init makes of such an app, with the real plugin `convex()`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as minimal from "better-auth/minimal";
import { convexTest } from "convex-test";
import { componentsGeneric, defineSchema, makeFunctionReference } from "convex/server";
import ts from "typescript";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as authConfigEntry from "../../js/auth-config/index.js";
import { applyChanges } from "../../js/cli/init/apply.js";
import type { FileChange } from "../../js/cli/init/apply.js";
import { makePlan } from "../../js/cli/init/plan.js";
import { findProject } from "../../js/cli/init/project.js";
import { byHand } from "../../js/cli/init/show.js";
import * as plugins from "../../js/plugins/index.js";
import * as server from "../../js/server/index.js";
import { register } from "../../js/test/index.js";
import { appWith, manifest } from "../cli/init/support/apps.js";
import { codeOf } from "./support/app.js";

beforeEach(() => {
  vi.stubEnv("BETTER_AUTH_SECRET", "q8Zk2vW1xR7tB4nM9cD6fG3hJ5lP0sYu");
  vi.stubEnv("CONVEX_SITE_URL", "https://happy-animal-1.convex.site");
  vi.stubEnv("SITE_URL", "http://localhost:5173");
});
afterEach(() => vi.unstubAllEnvs());

const THEIRS = `export default {
  providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }],
};
`;
const NAMES = "auth, signIn, signOut, store";

/** A module of the app; `authConfig` is what its `auth.config.ts` gives. */
function evaluated(code: string, authConfig?: object): Record<string, unknown> {
  const modules: Record<string, object> = {
    "better-auth/minimal": minimal,
    "convex-gate": server,
    "convex-gate/auth-config": authConfigEntry,
    "convex-gate/plugins": plugins,
    "./_generated/api": { components: componentsGeneric() },
    "./auth.config": { __esModule: true, default: authConfig },
    // The other package is not what is in question.
    "@convex-dev/auth/providers/Password": {},
    "@convex-dev/auth/server": { convexAuth: () => ({}) },
  };
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: Record<string, unknown> = {};
  const load = (name: string): object => {
    const module = modules[name];
    if (!module) throw new Error(`no module ${name}`);
    return module;
  };
  // In place of a bundler.
  new Function("exports", "require", outputText)(exports, load);
  return exports;
}

/** What the command asks first. */
async function firstPage(functions: Record<string, unknown>): Promise<unknown> {
  const t = convexTest({
    schema: defineSchema({}),
    modules: {
      "./_generated/api.ts": () => Promise.resolve({}),
      "./auth.ts": () => Promise.resolve(functions),
    },
  });
  register(t);
  return t.mutation(makeFunctionReference<"mutation">("auth:importPage"), { rows: "[]" });
}

it("takes the import in beside the other package, whose auth.config.ts stays", async () => {
  const page = "docs/coming-from-convex-auth.md";
  const { code } = codeOf(page).find(({ file }) => file === "convex/auth.ts")!;
  expect(code).toContain(`{ ${NAMES} } = convexAuth(`);
  await expect(firstPage(evaluated(code))).resolves.toMatchObject({});
});

it("would not with both providers in auth.config.ts", async () => {
  const both = {
    providers: [
      { domain: "https://happy-animal-1.convex.site", applicationID: "convex" },
      authConfigEntry.getAuthConfigProvider(),
    ],
  };
  const { createAuth } = evaluated(
    `import { convex } from "convex-gate/plugins";
import authConfig from "./auth.config";
export const createAuth = () => convex({ authConfig });
`,
    both,
  );
  expect(createAuth).toThrow('2 providers with applicationID "convex"');
});

it("init leaves the app as it is, and shows an auth.ts that works in it", async () => {
  const auth = `import { convexAuth } from "@convex-dev/auth/server";
export const { ${NAMES} } = convexAuth({ providers: [] });
`;
  const main = `import { ConvexAuthProvider } from "@convex-dev/auth/react";
createRoot(root).render(<ConvexAuthProvider client={c}><App /></ConvexAuthProvider>);
`;
  const http = `import { httpRouter } from "convex/server";
import { auth } from "./auth";
const http = httpRouter();
auth.addHttpRoutes(http);
export default http;
`;
  const files = {
    "convex/auth.config.ts": THEIRS,
    "convex/auth.ts": auth,
    "convex/http.ts": http,
    "src/main.tsx": main,
  };
  const folder = await appWith({
    "package.json": manifest("vite", "react", "typescript"),
    ...files,
  });
  const plan = makePlan(findProject(folder), "vite");
  applyChanges(
    folder,
    plan.changes.filter(
      (change): change is FileChange => change.kind === "write" || change.kind === "patch",
    ),
  );
  for (const [path, text] of Object.entries(files))
    expect(readFileSync(join(folder, path), "utf8")).toBe(text);
  const [config, lines] = byHand(plan);
  expect(config).toContain("Add to convex/auth.config.ts:\n\n// Not yet.");
  const ours = lines!.slice(lines!.indexOf("\n\n") + 2);
  const importApi = "export const { importPage } = authComponent.importApi(createAuth);\n";
  await expect(firstPage(evaluated(auth + ours + importApi))).resolves.toMatchObject({});
});
