import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseJwks } from "../../js/auth-config/index.js";
import { buildCli, goodEnv } from "./support/cli.js";
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
    },
  );

  it("rotate adds a key of the same algorithm in front, from the variable or standard input", async () => {
    const { out } = await run(["keys", "generate", "--alg", "ES256"]);
    const before = parseJwks(out);
    for (const given of [{ env: { STATIC_JWKS: out } }, { input: out }]) {
      const rotated = await run(["keys", "rotate"], given);
      expect(rotated.code).toBe(0);
      const keys = parseJwks(rotated.out);
      expect(keys).toHaveLength(2);
      expect(keys[0]?.alg).toBe("ES256");
      expect(keys[1]).toEqual(before[0]);
    }
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
    cli.installConvex("process.exit(3);");
    const missing = await run(["keys", "rotate", "--deployment"]);
    expect([missing.code, missing.out]).toEqual([1, ""]);
    expect(missing.err).toContain("export const rotateKeys = internalAction(");
  });

  it("says how it is used, without any problem", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const word of ["keys", "doctor", "Exit codes: 0 fine, 1 problems found, 2 wrong usage."])
      expect(out).toContain(word);
  });

  it.each([
    [["keys", "generate", "--alg", "HS256"]],
    [["keys"]],
    [[]],
    [["keys", "generate", "--nonsense"]],
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
    [{ BETTER_AUTH_SECRET: "" }, "BETTER_AUTH_SECRET: is not set"],
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
      { BETTER_AUTH_URL: "https://happy-animal-1.convex.site/auth" },
      'has the path /auth, so Better Auth lives there, not under /api/auth -> pass { basePath: "/auth" }',
    ],
    [{ SITE_URL: "" }, "SITE_URL: is not set -> npx convex env set SITE_URL"],
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
    [{ STATIC_JWKS: "[" }, "STATIC_JWKS: The static key set is not JSON"],
  ])("finds %j and fails", async (change, line) => {
    const { code, out } = await run(["doctor", "--offline"], { env: { ...goodEnv, ...change } });
    expect(code).toBe(1);
    expect(out.split("\n").filter((each) => each.startsWith("error"))).toEqual([
      expect.stringContaining(line),
    ]);
  });
});
