/** The package as a user gets it: packed, installed elsewhere, type-checked, bundled by the real CLI, and run. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPushRequest } from "../e2e/local-deployment.js";
import { bundleApp } from "../host/index.js";
import type { PushRequest } from "../host/index.js";
import { exportBytes, exportGraph } from "./bundle-report.js";
import type { Consumer } from "./consumer.js";
import { installConsumer } from "./consumer.js";

const exportsWithCode = [
  "convex-gate",
  "convex-gate/adapter",
  "convex-gate/auth-config",
  "convex-gate/client",
  "convex-gate/client/plugins",
  "convex-gate/convex.config",
  "convex-gate/convex.config.js",
  "convex-gate/expo",
  "convex-gate/http",
  "convex-gate/jwt",
  "convex-gate/nextjs/client",
  "convex-gate/password",
  "convex-gate/plugins",
  "convex-gate/react",
  "convex-gate/session",
  "convex-gate/ssr",
  "convex-gate/sveltekit",
  "convex-gate/utils",
];

let consumer: Consumer;
let documented: string;
let plain: string;
let request: PushRequest;

beforeAll(async () => {
  consumer = await installConsumer();
  documented = await consumer.use("documented");
  plain = await consumer.use("plain");
  request = await bundleApp(documented);
});
afterAll(() => consumer.remove());

describe("types", () => {
  it("the documented usage compiles as it is written", async () => {
    expect(await consumer.exec("tsc", ["-p", documented])).toEqual({ ok: true, output: "" });
  });

  it("a set-up with ten more plugins compiles without any cast, and keeps their types", async () => {
    expect(await consumer.exec("tsc", ["-p", plain])).toEqual({ ok: true, output: "" });
  });

  it("no declaration names a package that the app did not install itself", async () => {
    const allowed =
      /^(\.|better-auth(\/|$)|convex(\/|$)|react(\/|$)|next(\/|$)|(@sveltejs\/kit|svelte|convex-svelte)(\/|$)|node:)/;
    const files = await declarations(join(consumer.packageFolder, "dist"));
    // Nobody imports the program: its own dependencies have types that no app needs.
    for (const file of files.filter((each) => !each.includes("/dist/js/cli/"))) {
      // What a comment shows, the app writes itself.
      const text = (await readFile(file, "utf8")).replaceAll(/\/\*[\s\S]*?\*\//g, "");
      const specifiers = [...text.matchAll(/(?:from |import\()"([^"]+)"/g)].map(
        ([, name]) => name ?? "",
      );
      expect(
        specifiers.filter((name) => !allowed.test(name)),
        file,
      ).toEqual([]);
    }
  });
});

describe("exports", () => {
  it.each(["import", "convex"])(
    "all resolve and load under the condition `%s`",
    async (condition) => {
      const script = exportsWithCode
        .map((name) => `await import(${JSON.stringify(name)});`)
        .join("\n");
      const outcome = await consumer.exec("node", [
        `--conditions=${condition}`,
        "--input-type=module",
        "-e",
        script,
      ]);
      expect(outcome.output).toBe("");
      expect(outcome.ok).toBe(true);
    },
  );

  it("publint has nothing to say", async () => {
    const { messages, pkg } = await publint({ pkgDir: consumer.packageFolder, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it("are the types wrong: no", async () => {
    const attw = new URL("../../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url)
      .pathname;
    // `./test` is TypeScript source for the app's own test runner, and the component's API is types only.
    const excluded = ["./test", "./_generated/component.js", "./package.json"];
    const outcome = await consumer.exec("node", [
      attw,
      consumer.tarball,
      "--profile",
      "esm-only",
      "--no-color",
      "--exclude-entrypoints",
      ...excluded,
    ]);
    expect(outcome.ok, outcome.output).toBe(true);
  });

  it("browser entries and auth-config reach no wasm and no server code", async () => {
    const browser = [
      "convex-gate/client",
      "convex-gate/client/plugins",
      "convex-gate/react",
      "convex-gate/expo",
      "convex-gate/nextjs/client",
      "convex-gate/auth-config",
    ];
    const forbidden =
      /js\/(wasm|server|adapter|component|jwt)\/|js\/plugins\/(convex|cross-domain)\/|dist\/convex\//;
    for (const entry of browser) {
      const graph = await exportGraph(entry, consumer.folder, consumer.packageFolder);
      expect(graph.chainTo(forbidden), `${entry} must not reach this`).toBeUndefined();
    }
  });

  it("who only asks who is signed in loads nothing of Better Auth", async () => {
    const graph = await exportGraph("convex-gate/session", consumer.folder, consumer.packageFolder);
    const packages = graph.files.filter(
      (file) => !file.includes("stdin") && !file.includes("dist/"),
    );
    expect(packages).toEqual(["convex/values"]);
  });

  it("who mounts the endpoints loads nothing of Better Auth before one is called", async () => {
    const graph = await exportGraph("convex-gate/http", consumer.folder, consumer.packageFolder);
    const packages = graph.files.filter(
      (file) => !file.includes("stdin") && !file.includes("dist/"),
    );
    // Those of the first package are loaded to sign a token.
    expect(packages).toEqual([
      "@noble/ciphers/chacha.js",
      "@noble/ciphers/utils.js",
      "convex/server",
    ]);
  });

  it.each([
    ["convex-gate/react", 8_650],
    ["convex-gate/client", 1_500],
    ["convex-gate/client/plugins", 4_250],
    ["convex-gate/auth-config", 3_000],
  ])("what %s brings to the browser fits in %d bytes with gzip", async (entry, limit) => {
    const { raw, gzip } = await exportBytes(entry, consumer.folder);
    console.log(`note: ${entry}: ${String(raw)} bytes minified, ${String(gzip)} with gzip`);
    expect(gzip).toBeLessThan(limit);
  });

  it("only what verifies tokens carries the token module, and nothing of the app carries the component's", async () => {
    for (const entry of exportsWithCode) {
      const graph = await exportGraph(entry, consumer.folder, consumer.packageFolder);
      expect(graph.chainTo(/generated\/core-/), entry).toBeUndefined();
      if (entry !== "convex-gate/jwt")
        expect(graph.chainTo(/generated\/jwt-/), entry).toBeUndefined();
    }
  });

  it("only what hashes passwords reaches the modules for it, and loads them when it does", async () => {
    for (const entry of exportsWithCode) {
      const graph = await exportGraph(entry, consumer.folder, consumer.packageFolder);
      const module = /generated\/(password|foreign)-/;
      expect(graph.chainTo(module, "statically"), entry).toBeUndefined();
      expect(graph.chainTo(module) !== undefined, entry).toBe(
        ["convex-gate/password", "convex-gate/plugins"].includes(entry),
      );
    }
  });

  it("the command line and its argument parser are in no export, and run where they are installed", async () => {
    for (const entry of exportsWithCode) {
      const graph = await exportGraph(entry, consumer.folder, consumer.packageFolder);
      expect(graph.chainTo(/commander|js\/cli\//), entry).toBeUndefined();
    }
    const { ok, output } = await consumer.exec("convex-gate", ["keys", "--help"]);
    expect(output).toContain("generate");
    expect(ok).toBe(true);
    const { version } = JSON.parse(
      await readFile(join(consumer.packageFolder, "package.json"), "utf8"),
    ) as { version: string };
    expect(await consumer.exec("convex-gate", ["--version"])).toEqual({
      ok: true,
      output: `${version}\n`,
    });
  });

  it("the component's definition imports convex and nothing else", async () => {
    const graph = await exportGraph(
      "convex-gate/convex.config",
      consumer.folder,
      consumer.packageFolder,
    );
    expect(graph.files.filter((file) => !file.includes("stdin")).sort()).toEqual([
      "convex/server",
      "dist/convex/convex.config.js",
    ]);
  });
});

describe("the push bundle of the real CLI", () => {
  const sourcesOf = (modules: { source: string }[]): string =>
    modules.map(({ source }) => source).join("\n");

  it("holds the component under its name with every module", () => {
    const [component, ...others] = request.componentDefinitions;
    expect(others).toEqual([]);
    const entries = component?.functions
      .map(({ path }) => path)
      .filter((path) => !path.startsWith("_deps/"));
    expect(entries?.sort()).toEqual([
      "adapter.js",
      "entries.js",
      "gate.js",
      "imports.js",
      "keys.js",
      "maintenance.js",
      "rateLimits.js",
      "sessions.js",
      "shapes.js",
      "tokens.js",
      "transactions.js",
      "users.js",
    ]);
    for (const path of entries ?? []) expect(path).toMatch(/^[A-Za-z0-9_.]+$/);
  });

  it("keeps better-auth, zod, jose and the token module out of the component", () => {
    const source = sourcesOf(request.componentDefinitions[0]?.functions ?? []);
    for (const marker of [
      "better-auth/dist",
      "/zod/",
      "node_modules/jose",
      "jwt-bytes",
      "verify_token",
      "password-bytes",
      "foreign-bytes",
    ]) {
      expect(source.includes(marker), marker).toBe(false);
    }
    expect(source.includes("generated/core-bytes")).toBe(true);
  });

  it("reports its sizes", () => {
    const bytes = (modules: { source: string }[]): number => Buffer.byteLength(sourcesOf(modules));
    const component = bytes(request.componentDefinitions[0]?.functions ?? []);
    const app = bytes(request.appDefinition.changedModules);
    console.log(
      `component's bundle ${String(component)} bytes, the app's with its HTTP module ${String(app)} bytes`,
    );
    expect(component).toBeLessThan(500_000);
  });

  it("is as large as the README says, and so is what its figures tell of the rest", async () => {
    const readme = await readFile(join(consumer.packageFolder, "README.md"), "utf8");
    const row = (what: string): string | undefined =>
      readme.split("\n").find((line) => line.startsWith(`| ${what}`));
    const wasm = async (name: string): Promise<string> => {
      const file = join(consumer.packageFolder, "dist/js/wasm/generated", `${name}-bytes.js`);
      const { bytes } = (await import(pathToFileURL(file).href)) as { bytes: string };
      const binary = Buffer.from(bytes, "base64");
      return `${kB(binary.length)}, ${kB(gzipSync(binary, { level: 9 }).length)} gzip`;
    };
    expect(row("component wasm")).toContain(`| ${await wasm("core")} `);
    expect(row("token wasm")).toContain(`| ${await wasm("jwt")} `);
    const component = sourcesOf(request.componentDefinitions[0]?.functions ?? []);
    expect(row("the component's bundle")).toContain(`| ${kB(Buffer.byteLength(component))};`);
    const { raw, gzip } = await exportBytes("convex-gate/react", consumer.folder);
    expect(row("`convex-gate/react` in the browser")).toContain(
      `| ${kB(raw)}, ${kB(gzip, 1)} gzip `,
    );
  });

  it("goes through the whole flow on the local host", async () => {
    const results = await checkPushRequest(request, () => undefined);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results).toHaveLength(11);
  });
});

function kB(bytes: number, digits = 0): string {
  return `${(bytes / 1000).toFixed(digits)} kB`;
}

async function declarations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((entry) => entry.endsWith(".d.ts")).map((entry) => join(folder, entry));
}
