import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseJwks } from "../../js/auth-config/index.js";
import { createApp } from "./support/app.js";

const folder = mkdtempSync(join(tmpdir(), "convex-gate-cli-"));
const program = join(folder, "main.mjs");

beforeAll(async () => {
  const entry = fileURLToPath(new URL("../../js/cli/main.ts", import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program as a process of its own, with no variables but those given. */
function run(
  args: string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on("data", (chunk) => out.push(String(chunk)));
    child.stderr.on("data", (chunk) => err.push(String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out: out.join(""), err: err.join("") }));
    child.stdin.end(input);
  });
}

const goodEnv = {
  BETTER_AUTH_SECRET: "q8Zk2vW1xR7tB4nM9cD6fG3hJ5lP0sYu",
  BETTER_AUTH_URL: "https://happy-animal-1.convex.site",
  SITE_URL: "http://localhost:5173",
  VITE_CONVEX_URL: "https://happy-animal-1.convex.cloud",
  VITE_CONVEX_SITE_URL: "https://happy-animal-1.convex.site",
};

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
    expect((await run(["doctor"], { env: goodEnv })).code).toBe(0);
    const lines = Object.entries(goodEnv).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(folder, ".env.local"), lines.join("\n"));
    const { code, out } = await run(["doctor"]);
    rmSync(join(folder, ".env.local"));
    expect(code).toBe(0);
    expect(out).not.toMatch(/^(error|warning)/m);
    expect(out).not.toContain(goodEnv.BETTER_AUTH_SECRET);
  });

  it.each([
    [{ BETTER_AUTH_SECRET: "" }, "BETTER_AUTH_SECRET: is not set"],
    [{ BETTER_AUTH_SECRET: "your-secret" }, "BETTER_AUTH_SECRET: is the placeholder"],
    [{ BETTER_AUTH_SECRET: "short" }, "BETTER_AUTH_SECRET: is shorter than 32 characters"],
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
    [{ STATIC_JWKS: "[" }, "STATIC_JWKS: The static key set is not JSON"],
  ])("finds %j and fails", async (change, line) => {
    const { code, out } = await run(["doctor"], { env: { ...goodEnv, ...change } });
    expect(code).toBe(1);
    expect(out.split("\n").filter((each) => each.startsWith("error"))).toEqual([
      expect.stringContaining(line),
    ]);
  });

  it("asks a deployment for issuer and key set", async () => {
    const { auth } = createApp();
    const server = createServer((request, response) => {
      void auth
        .handler(new Request(`https://happy-animal-1.convex.site${request.url}`))
        .then(async (answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers));
          response.end(await answer.text());
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const siteUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reached = await run(["doctor", "--site-url", siteUrl], { env: goodEnv });
    const wrongPath = await run(["doctor", "--site-url", siteUrl, "--base-path", "/x"], {
      env: goodEnv,
    });
    await new Promise((resolve) => server.close(resolve));
    const unreachable = await run(["doctor", "--site-url", siteUrl], { env: goodEnv });
    expect(reached.out).toContain("JWKS: holds 1 key(s)");
    expect(reached.out).toMatch(
      /error {3}ISSUER: is https:\/\/happy-animal-1.convex.site, not http:\/\/127/,
    );
    expect(wrongPath.out).toContain("answers 404");
    expect(unreachable.out).toContain("cannot be reached");
    expect([reached.code, wrongPath.code, unreachable.code]).toEqual([1, 1, 1]);
  });
});
