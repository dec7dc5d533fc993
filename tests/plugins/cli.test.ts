import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseJwks } from "../../js/auth-config/index.js";
import { newKeySet } from "../../js/cli/keys.js";
import { APP, buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());
const run: Cli["run"] = (...args) => cli.run(...args);

describe("keys", () => {
  it.each(["RS256", "ES256"])(
    "generate --alg %s prints one line of JSON, and the secret nowhere else",
    async (alg) => {
      const { code, out, err } = await run(["keys", "generate", "--alg", alg]);
      expect(code).toBe(0);
      expect(out.trim().split("\n")).toHaveLength(1);
      const [key] = parseJwks(out);
      expect(key).toMatchObject({ alg, createdAt: expect.any(Number) });
      const { d } = JSON.parse(String(key?.privateKey)) as { d: string };
      expect(d.length).toBeGreaterThan(40);
      expect(err).toContain("npx convex env set STATIC_JWKS");
      expect(err).not.toContain(d);
      // Arguments are seen by every process, and a pipeline whose first part failed sets what is empty.
      expect(err).not.toMatch(/env set STATIC_JWKS +\S*['"<]|\| *npx convex env set/);
      expect(err.includes('algorithm: "ES256"')).toBe(alg === "ES256");
    },
  );

  it("rotate adds a key of the same algorithm in front, from the variable or standard input", async () => {
    const { out } = await run(["keys", "generate", "--alg", "ES256"]);
    const before = parseJwks(out);
    const inApp = { cwd: join(cli.folder, "convex") };
    for (const given of [{ env: { STATIC_JWKS: out } }, { input: [out] }, inApp]) {
      if (given === inApp) cli.write(".env.local", `STATIC_JWKS='${out.trim()}'`);
      const rotated = await run(["keys", "rotate"], given);
      expect(rotated.code).toBe(0);
      const keys = parseJwks(rotated.out);
      expect(keys).toHaveLength(2);
      expect(keys[0]?.alg).toBe("ES256");
      const end = Number(keys[0]?.createdAt) + 240_000;
      expect(keys[1]).toEqual({ ...before[0], expiresAt: end });
    }
    rmSync(join(cli.folder, ".env.local"));
  });

  it("rotate reads a slow pipe whole, and prints nothing when what came is no key set", async () => {
    const { out } = await run(["keys", "generate", "--alg", "ES256"]);
    const middle = out.length / 2;
    const slow = await run(["keys", "rotate"], {
      input: [out.slice(0, middle), out.slice(middle)],
    });
    expect([slow.code, parseJwks(slow.out).length]).toEqual([0, 2]);
    for (const input of [[], ["", "\n"], [out.slice(0, middle)]]) {
      const failed = await run(["keys", "rotate"], { input });
      expect([failed.code, failed.out]).toEqual([1, ""]);
      expect(failed.err).not.toContain("env set");
    }
  });

  it("rotate --compromised leaves every older key out", async () => {
    const { out } = await run(["keys", "generate", "--alg", "ES256"]);
    const env = { STATIC_JWKS: out };
    const { code, out: rotated } = await run(["keys", "rotate", "--compromised"], { env });
    const ids = parseJwks(rotated).map(({ id }) => id);
    expect([code, ids.length]).toEqual([0, 1]);
    expect(ids[0]).not.toBe(parseJwks(out)[0]?.id);
    expect(parseJwks(rotated)[0]?.alg).toBe("ES256");
  });

  it("refuses a set that no variable holds, with the way out", async () => {
    const keys = await Promise.all([1, 2, 3].map(async () => (await newKeySet("RS256", 1))[0]));
    const env = { STATIC_JWKS: JSON.stringify(keys) };
    const { code, out, err } = await run(["keys", "rotate"], { env });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^LIMIT_EXCEEDED: The key set would have 9\d{3} bytes/);
    expect(err).toContain("npx convex-gate keys rotate --alg ES256");
    expect((await run(["keys", "rotate", "--alg", "ES256"], { env })).code).toBe(0);
  });

  it("rotate refuses what is no key set, naming the key and quoting nothing", async () => {
    const env = { STATIC_JWKS: `[{"id":"k1","publicKey":"hush"}]` };
    const { code, out, err } = await run(["keys", "rotate"], { env });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain('KEY_SET_INVALID: Key "k1"');
    expect(err).not.toContain("hush");
    expect((await run(["keys", "rotate"])).err).toContain("STATIC_JWKS is not set");
  });

  it("rotate --deployment calls the app's function through the Convex CLI", async () => {
    expect((await run(["keys", "rotate", "--deployment"])).err).toContain(
      "The package `convex` is not installed",
    );
    cli.installConvex("console.log(JSON.stringify(args));");
    for (const [options, called] of [
      [[], ["run", "auth:rotateKeys", "{}"]],
      [["--compromised"], ["run", "auth:rotateKeys", '{"compromised":true}']],
      [
        ["--prod", "--function", "keys:rotate"],
        ["run", "--prod", "keys:rotate", "{}"],
      ],
    ]) {
      const { code, out } = await run(["keys", "rotate", "--deployment", ...(options ?? [])]);
      expect([code, JSON.parse(out)]).toEqual([0, called]);
    }
    cli.installConvex("console.log(JSON.stringify(process.cwd()));");
    const within = await run(["keys", "rotate", "--deployment"], {
      cwd: join(cli.folder, "convex"),
    });
    expect(JSON.parse(within.out), "where the Convex CLI finds its deployment").toBe(
      realpathSync(cli.folder),
    );
    cli.installConvex("process.exit(3);");
    const missing = await run(["keys", "rotate", "--deployment"]);
    expect([missing.code, missing.out]).toEqual([1, ""]);
    expect(missing.err).toContain("export const rotateKeys = internalAction(");
  });

  it("--set gives the set to Convex's own program, on its standard input only", async () => {
    const calls = join(cli.folder, "calls.jsonl");
    const store = join(cli.folder, "variable.json");
    const install = (variable: string): void => {
      rmSync(calls, { force: true });
      writeFileSync(store, variable);
      cli.installConvex(`
        const fs = require("node:fs");
        fs.appendFileSync("calls.jsonl", JSON.stringify(args) + "\\n");
        if (args[1] === "get") process.stdout.write(fs.readFileSync("variable.json", "utf8"));
        else fs.writeFileSync("variable.json", fs.readFileSync(0, "utf8"));`);
    };
    const called = () =>
      readFileSync(calls, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const stored = () => parseJwks(readFileSync(store, "utf8"));

    install("");
    const made = await run(["keys", "generate", "--alg", "ES256", "--set"]);
    expect([made.code, made.out, stored().length]).toEqual([0, "", 1]);
    expect(called()).toEqual([
      ["env", "get", "STATIC_JWKS"],
      ["env", "set", "STATIC_JWKS"],
    ]);
    const first = readFileSync(store, "utf8");
    const twice = await run(["keys", "generate", "--set"]);
    expect(twice.err).toContain("INVALID_OPTION: STATIC_JWKS is set already");

    install(first);
    // The deployment's set counts and not what is here.
    const rotated = await run(["keys", "rotate", "--set", "--prod"], {
      env: { STATIC_JWKS: "[]" },
    });
    expect([rotated.code, rotated.out, stored().length]).toEqual([0, "", 2]);
    expect(called()).toEqual([
      ["env", "get", "--prod", "STATIC_JWKS"],
      ["env", "set", "--prod", "STATIC_JWKS"],
    ]);
    install("");
    expect((await run(["keys", "rotate", "--set"])).err).toContain("is not set on the deployment");
    expect([called().length, readFileSync(store, "utf8")]).toEqual([1, ""]);
    cli.installConvex("process.exit(3);");
    const failed = await run(["keys", "rotate", "--set"]);
    expect([failed.code, failed.out]).toEqual([1, ""]);
  });

  it("says how it is used, without any problem", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const word of [
      "keys",
      "doctor",
      "Exit codes: 0 fine, 1 problems found, 2 wrong usage, or nothing could be looked at.",
    ])
      expect(out).toContain(word);
  });

  it("ends without a trace of Node's when nobody reads what it says", () => {
    const line = `(sleep 0.3; "${process.execPath}" "${join(cli.folder, "main.mjs")}" --help) | true`;
    const { status, stderr } = spawnSync("bash", ["-o", "pipefail", "-c", line]);
    expect([status, String(stderr)]).toEqual([1, ""]);
  });

  it.each([
    [["keys", "generate", "--alg", "HS256"]],
    [["keys"]],
    [[]],
    [["keys", "generate", "--nonsense"]],
    // Options that would be ignored.
    [["keys", "rotate", "--prod"]],
    [["keys", "rotate", "--function", "auth:rotate"]],
    [["keys", "rotate", "--deployment", "--alg", "ES256"]],
    [["keys", "rotate", "--deployment", "--set"]],
    [["keys", "generate", "--prod"]],
    [["doctor", "--site-url", "notaurl"]],
    [["doctor", "--site-url", "localhost:3211"]],
    // A file that is not there.
    [["doctor", "--env", "nope"]],
    [["keys", "rotate", "--env", "nope"]],
    [["import", "--from", "clerk", "--file", "x", "--env", "nope"]],
    [["doctor", "--offline", "--prod"]],
    [["doctor", "--offline", "--deployment"]],
    [["doctor", "--offline", "--site-url", "https://happy-animal-1.convex.site"]],
  ])("%j is wrong usage: exit code 2", async (args) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("Usage:");
  });
});

describe("doctor", () => {
  it("is content with a good set-up, from the environment or from .env.local", async () => {
    expect((await run(["doctor", "--offline"], { env: goodEnv })).code).toBe(0);
    const lines = Object.entries(goodEnv).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(cli.folder, ".env.local"), lines.join("\n"));
    const { code, out } = await run(["doctor", "--offline"]);
    rmSync(join(cli.folder, ".env.local"));
    expect(code).toBe(0);
    expect(out).not.toMatch(/^(error|warning)/m);
    expect(out).not.toContain(goodEnv.BETTER_AUTH_SECRET);
  });

  it.each(["--env", "--env-file"])(
    "reads the file of %s, which is looked for in the current folder",
    async (name) => {
      const lines = Object.entries(goodEnv).map(([variable, value]) => `${variable}=${value}`);
      cli.write("src/mine.env", lines.join("\n"));
      const cwd = join(cli.folder, "src");
      const { code, out } = await run(["doctor", "--offline", name, "mine.env"], { cwd });
      rmSync(cwd, { recursive: true });
      expect([code, out]).toEqual([0, expect.stringContaining("SITE_URL: is http://localhost")]);
    },
  );

  it("warns of a short secret, and follows a base URL with a path", async () => {
    const short = await run(["doctor", "--offline"], {
      env: { ...goodEnv, BETTER_AUTH_SECRET: "short" },
    });
    expect(short.out).toContain("warning BETTER_AUTH_SECRET: is shorter than 32 characters");
    const env = { ...goodEnv, BETTER_AUTH_URL: "https://happy-animal-1.convex.site/auth/" };
    const moved = await run(["doctor", "--offline", "--base-path", "auth"], { env });
    expect(moved.out).not.toMatch(/^error/m);
    expect([short.code, moved.code]).toEqual([0, 0]);
  });

  it.each([
    [{ BETTER_AUTH_SECRET: "your-secret" }, "BETTER_AUTH_SECRET: is one that anybody can look up"],
    [
      { BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" },
      'anybody can look up -> npx convex env set BETTER_AUTH_SECRET "$(openssl rand -base64 32)"',
    ],
    [
      { BETTER_AUTH_SECRETS: `2:${"aB3".repeat(11)},1:your-secret` },
      "BETTER_AUTH_SECRET: is one that anybody can look up",
    ],
    [
      { BETTER_AUTH_SECRETS: "aB3".repeat(11) },
      "BETTER_AUTH_SECRETS: is not a list of version:secret",
    ],
    [
      { BETTER_AUTH_SECRETS: `2:${"aB3".repeat(11)}`, BETTER_AUTH_SECRET: "your-secret" },
      "BETTER_AUTH_SECRET: is one that anybody can look up",
    ],
    [
      { BETTER_AUTH_SECRET: "", AUTH_SECRET: "your-secret" },
      "BETTER_AUTH_SECRET: is one that anybody can look up",
    ],
    [
      { BETTER_AUTH_URL: "https://happy-animal-1.convex.site/auth" },
      'has the path /auth, so Better Auth lives there, not under /api/auth -> pass { basePath: "/auth" }',
    ],
    [{ SITE_URL: "localhost:5173" }, "SITE_URL: is not an http(s) URL"],
    [
      { BETTER_AUTH_URL: "https://happy-animal-1.convex.cloud" },
      "-> set BETTER_AUTH_URL=https://happy-animal-1.convex.site",
    ],
    [
      { VITE_CONVEX_URL: "https://happy-animal-1.convex.site" },
      "-> set VITE_CONVEX_URL=https://happy-animal-1.convex.cloud",
    ],
    [
      { VITE_CONVEX_SITE_URL: "https://sad-animal-2.convex.site" },
      "names another deployment than VITE_CONVEX_URL (happy-animal-1)",
    ],
    [
      { NEXT_PUBLIC_CONVEX_SITE_URL: "https://happy-animal-1.convex.cloud" },
      "-> set NEXT_PUBLIC_CONVEX_SITE_URL=https://happy-animal-1.convex.site",
    ],
    [
      { NUXT_PUBLIC_CONVEX_URL: "https://happy-animal-1.convex.site" },
      "-> set NUXT_PUBLIC_CONVEX_URL=https://happy-animal-1.convex.cloud",
    ],
    [
      { PUBLIC_CONVEX_SITE_URL: "https://sad-animal-2.convex.site" },
      "PUBLIC_CONVEX_SITE_URL: names another deployment than VITE_CONVEX_URL",
    ],
    [
      { NEXT_PUBLIC_STATIC_JWKS: "[]" },
      "NEXT_PUBLIC_STATIC_JWKS: is a secret under a prefix that bundlers publish",
    ],
    [{ STATIC_JWKS: `[${" ".repeat(9000)}]` }, "STATIC_JWKS: The static key set holds no key"],
    [{ STATIC_JWKS: "[" }, "STATIC_JWKS: The static key set is not JSON"],
  ])("finds %j and fails", async (change, line) => {
    const { code, out } = await run(["doctor", "--offline"], { env: { ...goodEnv, ...change } });
    expect(code).toBe(1);
    expect(out.split("\n").filter((each) => each.startsWith("error"))).toEqual([
      expect.stringContaining(line),
    ]);
  });

  it("finds an empty STATIC_JWKS, which counts as not set", async () => {
    const { code, out } = await run(["doctor", "--offline"], {
      env: { ...goodEnv, STATIC_JWKS: "" },
    });
    expect(code).toBe(0);
    expect(out).toContain("warning STATIC_JWKS: is empty");
  });

  it("prints what comes from elsewhere as text of one line", async () => {
    const hostile =
      "https://a.example/\u001b]0;owned\u0007\u001b[2J\u009b31m\n\rok      FAKE: line\u202e";
    const { out } = await run(["doctor", "--offline"], { env: { ...goodEnv, SITE_URL: hostile } });
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).not.toContain("owned");
    expect(out.split("\n").filter((line) => line.startsWith("ok      FAKE"))).toEqual([]);
  });

  it.each([
    ["by its other name", { BETTER_AUTH_SECRET: "", AUTH_SECRET: goodEnv.BETTER_AUTH_SECRET }],
    ["beside an empty list of versions", { BETTER_AUTH_SECRETS: "" }],
  ])("finds the secret %s", async (_, env) => {
    const { code, out } = await run(["doctor", "--offline"], { env: { ...goodEnv, ...env } });
    expect(out).toContain("BETTER_AUTH_SECRET: is set and long enough");
    expect(code).toBe(0);
  });

  it("tells self-hosters where the key set has to be fetched", async () => {
    const env = { ...goodEnv, CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:3210" };
    const line = async (more: Record<string, string> = {}, ...args: string[]) => {
      const { out } = await run(["doctor", "--offline", ...args], { env: { ...env, ...more } });
      return out.split("\n").find((each) => each.includes("SELF_HOSTED: "));
    };
    const config = "convex/auth.config.ts";
    expect(await line()).toMatch(/^warning .*getAuthConfigProvider\({ selfHosted: true }\)/);
    cli.write(config, "getAuthConfigProvider({ selfHosted: false })");
    expect(await line()).toMatch(/^warning/);
    cli.write(config, "getAuthConfigProvider({ selfHosted: true })");
    expect(await line()).toMatch(/^ok .*http:\/\/127.0.0.1:3210\/http\/api\/auth\/convex\/jwks/);
    expect(await line({}, "--base-path", "auth")).toMatch(/3210\/http\/auth\/convex\/jwks/);
    expect(await line({}, "--base-path", "/")).toMatch(/3210\/http\/convex\/jwks/);
    cli.write(config, APP[config]!);
    expect(await line({ STATIC_JWKS: JSON.stringify(await newKeySet("ES256", 1)) })).toMatch(/^ok/);
  });
});
