/** Where `doctor` looks, and what it says of an app whose own two files cannot be read. The Convex CLI tells where it runs. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { APP, buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
  cli.installConvex(`console.error("✖ asked in " + process.cwd()); process.exit(1);`);
});
beforeEach(() => {
  for (const [path, text] of Object.entries(APP)) cli.write(path, text);
  rmSync(join(cli.folder, "convex.json"), { force: true });
});
afterAll(() => cli.remove());

const faultsIn = (out: string): string[] =>
  out.split("\n").filter((line) => /^(error|warning|unseen)/.test(line));

describe("the app", () => {
  it("is that of the nearest package.json, for the Convex CLI and the files of variables as well", async () => {
    const cwd = join(cli.folder, "src/deep");
    mkdirSync(cwd, { recursive: true });
    cli.write(".env.local", `SITE_URL=${goodEnv.SITE_URL}`);
    const { out } = await cli.run(["doctor"], { cwd });
    rmSync(join(cli.folder, ".env.local"));
    expect(out).toContain(`asked in ${realpathSync(cli.folder)};`);
    expect(out).toContain(`ok      SITE_URL: is ${goodEnv.SITE_URL}`);
    expect(out).toContain("ok      CONVEX_FILES: have component");
    expect(out).toContain("run `npx convex dev` in the folder of package.json");
  });

  it.each([[[]], [["--offline"]], [["--json"]]])(
    "that is nowhere cannot be looked at: exit code 2 (%j)",
    async (args) => {
      const cwd = mkdtempSync(join(tmpdir(), "convex-gate-no-app-"));
      const { code, out } = await cli.run(["doctor", ...args], { cwd, env: goodEnv });
      rmSync(cwd, { recursive: true });
      const message = "is neither in this folder nor above it, so there is no app to look at";
      const remedy = "run doctor in the folder of your app";
      expect([code, args[0] === "--json" ? JSON.parse(out) : out]).toEqual([
        2,
        args[0] === "--json"
          ? {
              exitCode: 2,
              findings: [{ level: "unseen", code: "PACKAGE_JSON", message, remedy }],
            }
          : `unseen  PACKAGE_JSON: ${message} -> ${remedy}\n`,
      ]);
    },
  );
});

describe("a file that the Convex CLI refuses is the only finding", () => {
  it.each([
    [
      "package.json",
      `\uFEFF${APP["package.json"] ?? ""}`,
      /begins with a byte order mark.* -> save/,
    ],
    ["package.json", '{ "name":', /is not JSON: .* -> mend it; comments/],
    ["package.json", "[]", /holds no object -> mend it/],
    ["package.json", "null", /holds no object/],
    ["package.json", Buffer.from(`\uFEFF{}`, "utf16le"), /is not UTF-8 -> save it/],
    ["convex.json", '// mine\n{ "functions": "convex/" }', /is not JSON: .* -> mend it; comments/],
    ["convex.json", "[]", /holds no object/],
    ["convex.json", '{ "functions": 3 }', /has a "functions" that is no text -> write the folder/],
    ["convex.json", "\uFEFF{}", /byte order mark/],
  ])("%s: %j", async (file, text, said) => {
    cli.write(file, text);
    const { code, out } = await cli.run(["doctor"], { env: goodEnv });
    const name = file === "package.json" ? "PACKAGE_JSON" : "CONVEX_JSON";
    expect([code, out.trim()]).toEqual([1, expect.stringMatching(said)]);
    expect(out.trim().split("\n")).toEqual([expect.stringMatching(`^error   ${name}: `)]);
  });
});

it.each([
  ["./backend/functions/", {}, "backend/functions"],
  ["backend//functions", {}, "backend/functions"],
  [undefined, { "react-scripts": "5" }, "src/convex"],
  ["convex/", { "react-scripts": "5" }, "convex"],
])(
  "functions at %j of convex.json with %j are looked for in %s/",
  async (functions, more, where) => {
    cli.write("package.json", JSON.stringify({ dependencies: { "convex-gate": "*", ...more } }));
    if (functions !== undefined) cli.write("convex.json", JSON.stringify({ functions }));
    const folder = join(cli.folder, where);
    const before = await cli.run(["doctor", "--offline"], { env: goodEnv });
    for (const [path, text] of Object.entries(APP))
      if (path.startsWith("convex/")) cli.write(path.replace("convex", where), text);
    const after = await cli.run(["doctor", "--offline"], { env: goodEnv });
    if (where !== "convex") {
      rmSync(folder, { recursive: true });
      expect(faultsIn(before.out)).toContainEqual(
        expect.stringContaining(
          `CONVEX_FILES: no Convex functions are here: there is no ${where}/ -> npx convex-gate init`,
        ),
      );
    }
    expect(after.out).toContain(
      "ok      CONVEX_FILES: have component, auth.config, plugin and routes",
    );
  },
);
