/**
 * `init` as it is run, with the real Convex CLI and a deployment that takes its push: the local host. A package manager is a
 * stand-in each, which notes how it was called: what they install is not in question here.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { manifest, writeFiles } from "../cli/init/support/apps.js";
import type { Host } from "../host/index.js";
import { startHost } from "../host/index.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const program = join(repository, "dist/js/cli/main.js");
const realConvex = join(repository, "node_modules/convex/bin/main.js");
const root = join(repository, "tests/output/e2e-init");
const app = join(root, "apps/web");
const calls = join(root, "calls.txt");
let host: Host;

const MAIN = "createRoot(document.body).render(<App />);\n";
const HTTP =
  'import { httpRouter } from "convex/server";\nimport { httpAction } from "./_generated/server";\n\nconst http = httpRouter();\nhttp.route({ path: "/hook", method: "GET", handler: httpAction(async () => new Response("mine")) });\n\nexport default http;\n';

beforeAll(async () => {
  host = await startHost({});
});
afterAll(async () => {
  await host.close();
  await rm(root, { recursive: true, force: true });
});

/** A monorepo of pnpm's, whose packages are at its root, with an app that has Convex functions. */
beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(join(root, "node_modules"), { recursive: true });
  await symlink(repository, join(root, "node_modules/convex-gate"), "dir");
  await symlink(join(repository, "node_modules/convex"), join(root, "node_modules/convex"), "dir");
  await writeFiles(root, {
    "package.json": { name: "root", private: true },
    "pnpm-lock.yaml": "",
    "pnpm-workspace.yaml": "packages: [apps/*]\n",
    "apps/web/package.json": manifest("vite", "react", "typescript", "convex"),
    "apps/web/src/main.tsx": MAIN,
    "apps/web/convex/http.ts": HTTP,
    "note-calls.mjs": `import { appendFileSync } from "node:fs";
const [, program, ...args] = process.argv;
if (/convex.bin.main\\.js$/.test(program))
  appendFileSync(${JSON.stringify(calls)}, "convex " + args.join(" ") + "\\n");
`,
    "bin/pnpm": `#!/bin/sh\necho "pnpm $*" >> ${calls}\n`,
  });
  await chmod(join(root, "bin/pnpm"), 0o755);
});

interface Outcome {
  code: number | null;
  out: string;
}

/** Runs it without a terminal, as CI does. */
function init(args: string[], env: Record<string, string> = {}, cwd = app): Promise<Outcome> {
  const child = spawn(process.execPath, [program, "init", ...args], {
    cwd,
    env: {
      PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: process.env["HOME"],
      // The real CLI notes its arguments, and nothing else.
      NODE_OPTIONS: `--import=${join(root, "note-calls.mjs")}`,
      CONVEX_SELF_HOSTED_URL: host.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: host.adminKey,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out })));
}

function called(): string[] {
  return existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [];
}

/** What the deployment has, by the real CLI. */
async function deploymentEnv(): Promise<Record<string, string | undefined>> {
  const child = spawn(process.execPath, [realConvex, "env", "list", "--include-values"], {
    cwd: app,
    env: {
      PATH: process.env["PATH"],
      CONVEX_SELF_HOSTED_URL: host.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: host.adminKey,
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  await new Promise((resolve) => child.once("close", resolve));
  return parseEnv(out);
}

const files = (): string[] =>
  readdirSync(app, { recursive: true, encoding: "utf8" }).filter((path) => /\.\w+$/.test(path));

describe("init in a monorepo, in an app with functions", () => {
  it("installs, writes, pushes, sets variables and examines, and tells nobody the secret", async () => {
    const first = await init(["--yes"]);
    expect([first.code, first.out.match(/^(error|unseen).*/gm)]).toEqual([0, null]);
    expect(called()).toEqual([
      expect.stringMatching(/^pnpm add convex-gate@[\d.]+ better-auth@~1\.7\.3$/),
      "convex dev --once",
      "convex env list",
      "convex env set",
      "convex env list",
    ]);
    const env = await deploymentEnv();
    expect(env["SITE_URL"]).toBe("http://localhost:5173");
    expect(env["BETTER_AUTH_SECRET"]).toMatch(/^[\w-]{43}$/);
    expect(first.out + called().join("\n")).not.toContain(env["BETTER_AUTH_SECRET"]);
    const written = files().map((path) => readFileSync(join(app, path), "utf8"));
    expect(written.join("\n")).not.toContain(env["BETTER_AUTH_SECRET"]);
    // The app's own route is there beside ours.
    const hook = await fetch(`${host.siteUrl}/hook`);
    expect(await hook.text()).toBe("mine");
    expect((await fetch(`${host.siteUrl}/api/auth/ok`)).status).toBe(200);

    // What was written is not in package.json, for nothing was installed: the second run has nothing but that to do.
    await writeFiles(app, {
      "package.json": manifest(
        "vite",
        "react",
        "typescript",
        "convex",
        "convex-gate",
        "better-auth",
      ),
    });
    const before = files().map((path) => readFileSync(join(app, path), "utf8"));
    const from = called().length;
    const second = await init(["--yes"]);
    expect([second.code, called().slice(from)]).toEqual([
      0,
      ["convex env list", "convex env list"],
    ]);
    expect(files().map((path) => readFileSync(join(app, path), "utf8"))).toEqual(before);
    expect(await deploymentEnv()).toEqual(env);
  }, 60_000);

  it("--dry-run shows a diff and touches nothing, and nobody is asked", async () => {
    const before = files();
    const { code, out } = await init(["--dry-run"], {
      CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:9",
    });
    expect(code).toBe(0);
    expect(out).toContain("+++ b/src/SignIn.tsx");
    expect(out).toContain("+registerRoutes(http, async (ctx) => (await import");
    expect(out).toContain("$ pnpm add convex-gate@");
    expect([files(), called()]).toEqual([before, []]);
  });

  it("does nothing without a terminal unless it is told --yes", async () => {
    const before = files();
    const { code, out } = await init([]);
    expect([code, files(), called()]).toEqual([2, before, []]);
    expect(out).toContain("INVALID_OPTION: There is no terminal to ask in. Give --yes");
  });

  it("writes nothing where the packages cannot be installed", async () => {
    await writeFile(join(root, "bin/pnpm"), "#!/bin/sh\necho no such version >&2\nexit 1\n");
    const before = files();
    const { code, out } = await init(["--yes"]);
    expect([code, files(), called()]).toEqual([1, before, []]);
    expect(out).toContain("no such version");
    expect(out).toMatch(
      /SETUP_FAILED: `pnpm add .*` failed, and says above why\. Nothing was written\./,
    );
  });

  it("says what is left where there is no deployment and nobody to make one", async () => {
    const { code, out } = await init(["--yes"], {
      CONVEX_SELF_HOSTED_URL: "",
      CONVEX_SELF_HOSTED_ADMIN_KEY: "",
    });
    expect(code).toBe(1);
    expect(existsSync(join(app, "convex/auth.ts"))).toBe(true);
    expect(out).toContain("then `npx convex-gate init` again, which sets the variables");
  }, 60_000);

  it("sets the variables of production and nothing else with --prod, for an address that is one", async () => {
    const before = files();
    const bad = await init(["--prod", "--yes", "--app-url", "app.example.com"]);
    expect([bad.code, bad.out]).toEqual([
      2,
      "INVALID_OPTION: app.example.com is not an address like https://app.example.com.\n",
    ]);
    const none = await init(["--prod", "--yes"]);
    expect(none.out).toContain("Give --app-url");
    await init(["--prod", "--yes", "--app-url", "https://app.example.com/x"]);
    expect(called()).toEqual(["convex env list --prod", ...called().slice(1)]);
    expect(files()).toEqual(before);
  }, 60_000);

  it("takes the app's folder and the framework as options, and refuses one that it does not know", async () => {
    const { code, out } = await init(
      ["--dry-run", "--cwd", "apps/web/src", "--framework", "none"],
      {},
      root,
    );
    expect([code, out]).toEqual([0, expect.stringContaining("~ convex/http.ts") as string]);
    expect(out).not.toContain("SignIn.tsx");
    expect((await init(["--framework", "angular"])).code).toBe(2);
  });
});

it("is not loaded by the other commands, with its libraries", async () => {
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `process.argv = ["node", "x", "doctor", "--offline"];
       await import(${JSON.stringify(program)});`,
    ],
    {
      cwd: app,
      env: { PATH: process.env["PATH"], NODE_DEBUG: "esm" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  await new Promise((resolve) => child.once("close", resolve));
  expect(out).toContain("commander");
  expect(out).not.toMatch(/@clack|@babel|node_modules\/diff|package-manager-detector/);
});
