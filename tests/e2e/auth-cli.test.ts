/**
 * Better Auth's own command line (`auth`) in the app of the README, with the file of docs/set-up.md. The newest that runs on
 * Node 20 is 1.6; what it asks an adapter for is the same in 1.7.7, which was tried by hand on Node 20 with
 * `Object.groupBy` filled in.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stepsOf } from "../browser/documents/pages.js";
import { stageApp } from "./stage-app.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const program = join(repository, "node_modules/auth/dist/index.mjs");
let folder: string;

beforeAll(async () => {
  folder = await stageApp(join(repository, "tests/browser/fixture"), "e2e-auth-cli");
  await rm(join(folder, "convex"), { recursive: true, force: true });
  const steps = [
    ...(await stepsOf("README.md", "Set up")),
    ...(await stepsOf("docs/set-up.md", "Better Auth's own command line")),
  ];
  for (const step of steps) {
    if (step.kind !== "file" || !/^(convex\/auth|auth-cli)/.test(step.path)) continue;
    await mkdir(join(folder, "convex"), { recursive: true });
    await writeFile(join(folder, step.path), step.code);
  }
  // As the Convex CLI generates it.
  await mkdir(join(folder, "convex/_generated"), { recursive: true });
  await writeFile(
    join(folder, "convex/_generated/api.js"),
    'import { componentsGeneric } from "convex/server";\nexport const components = componentsGeneric();\n',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const generated = (): string => join(folder, "auth-schema.ts");
beforeEach(() => rm(generated(), { force: true }));

function auth(line: string): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], FORCE_COLOR: "0", BETTER_AUTH_TELEMETRY: "0" };
    const options = { cwd: folder, env };
    execFile(process.execPath, [program, ...line.split(" ")], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: out + err }),
    );
  });
}

describe("auth generate", () => {
  it("writes a file that says that there is nothing to generate, and why", async () => {
    const { code, out } = await auth("generate --config auth-cli.ts --yes");
    expect([code, out]).toEqual([0, expect.stringContaining("generated successfully")]);
    const text = await readFile(generated(), "utf8");
    expect(text).toContain("There is no schema to generate");
    expect(text).toMatch(/The tables of these options: account, .*session, user, verification\./);
    // A second run finds it there.
    expect(await auth("generate --config auth-cli.ts --yes")).toEqual({
      code: 0,
      out: expect.stringContaining("already up to date"),
    });
  });

  it("leaves alone what it is told to write over", async () => {
    await writeFile(join(folder, "convex/schema.ts"), "export default 1;\n");
    const { code, out } = await auth("generate --config auth-cli.ts --output convex/schema.ts -y");
    expect([code, out]).toEqual([0, expect.stringContaining("already up to date")]);
    expect(await readFile(join(folder, "convex/schema.ts"), "utf8")).toBe("export default 1;\n");
    expect(existsSync(generated())).toBe(false);
  });
});

describe("its other commands", () => {
  it("migrate has nothing to do, and says that there is no such thing here", async () => {
    const { code, out } = await auth("migrate --config auth-cli.ts --yes");
    expect([code, out.trim()]).toEqual([1, "Migrate command isn't supported for this adapter."]);
  });

  it("info shows the app's options and no secret", async () => {
    const { code, out } = await auth("info --config auth-cli.ts --json");
    expect(code).toBe(0);
    const { betterAuth } = JSON.parse(out.slice(out.indexOf("{"))) as {
      betterAuth: { config: { plugins: { name: string }[] } };
    };
    expect(betterAuth.config.plugins.map(({ name }) => name)).toEqual(["cross-domain", "convex"]);
  });
});
