/**
 * How a real backend is started, told its variables, pushed to and ended. The backend is a stand-in that writes down what it
 * is told (`support/stub-backend.mjs`): nobody here has the binary. The requests of a push are made to the host as well,
 * which answers the real CLI with the same API.
 */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFunctionReference } from "convex/server";
import { ConvexHttpClient } from "convex/browser";
import { afterEach, expect, test, vi } from "vitest";
import { startLocalDeployment } from "../e2e/local-deployment.js";
import { pushTo, setVariables } from "./backend-admin.js";
import { bundleOnce, startBackend, startHost } from "./index.js";
import { LEFT_OUT, REASONS, reasonFor } from "./on-backend.js";
import { createSigner, eventually } from "./support/fixture-host.js";

const stub = join(import.meta.dirname, "support/stub-backend.mjs");
const fixture = join(import.meta.dirname, "fixture");

afterEach(() => vi.unstubAllEnvs());

/** Everything that the stand-in wrote down, in order. */
function recordOf(): () => Record<string, unknown>[] {
  const file = join(mkdtempSync(join(tmpdir(), "stub-")), "record");
  vi.stubEnv("STUB_RECORD", file);
  return () =>
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a backend is started alone on the loopback interface, and ended with its children", async () => {
  const record = recordOf();
  const lines: string[] = [];
  const backend = await startBackend(stub, {
    app: await bundleOnce(fixture),
    env: ({ siteUrl }) => ({ SITE: siteUrl, GONE: undefined }),
    httpProxy: "http://127.0.0.1:9",
    log: (line) => lines.push(line),
  });
  const key = "convex-gate-tests|a-key";
  expect(backend.adminKey).toBe(key);
  const [started, variables, ...push] = record();
  const { args, cwd, tmp, child } = started as {
    args: string[];
    cwd: string;
    tmp: string;
    child: number;
  };
  const of = (flag: string): string | undefined => args[args.indexOf(flag) + 1];
  expect([of("--interface"), of("--convex-http-proxy")]).toEqual([
    "127.0.0.1",
    "http://127.0.0.1:9",
  ]);
  expect([`http://127.0.0.1:${of("--port") ?? ""}`, args]).toEqual([
    backend.url,
    expect.arrayContaining(["--disable-beacon"]) as unknown,
  ]);
  expect(of("--instance-secret")).toMatch(/^[\da-f]{64}$/);
  for (const path of [args.at(-1), of("--local-storage"), tmp]) expect(path).toContain(cwd);

  // All variables in one request, before the push.
  const changes = [
    { name: "SITE", value: backend.siteUrl },
    { name: "GONE", value: null },
  ];
  expect(variables).toMatchObject({ path: "/api/update_environment_variables", body: { changes } });
  expect(push.map(({ path }) => path)).toEqual([
    "/api/deploy2/start_push",
    "/api/deploy2/wait_for_schema",
    "/api/deploy2/finish_push",
  ]);
  const startPush = { schemaChange: { schemaIds: {} } };
  expect(push.map(({ body }) => body)).toMatchObject([
    { adminKey: key, dryRun: false, appDefinition: {}, componentDefinitions: [{}] },
    { schemaChange: startPush.schemaChange },
    { startPush },
  ]);
  for (const each of [variables, ...push]) expect(each?.["key"]).toBe(`Convex ${key}`);
  await eventually("a log line", () => (lines.includes("[a:b] [LOG] 'said'") ? true : undefined));

  expect(isAlive(child)).toBe(true);
  await backend.close();
  expect(record().at(-1)).toEqual({ ended: "SIGTERM" });
  await eventually("the child's end", () => (isAlive(child) ? undefined : true));
  await expect(readdir(cwd)).rejects.toThrow(/ENOENT/);
});

test("the variable CONVEX_LOCAL_BACKEND puts it in the host's place", async () => {
  const record = recordOf();
  vi.stubEnv("CONVEX_LOCAL_BACKEND", stub);
  const pushRequest = await bundleOnce(fixture);
  const host = await startLocalDeployment({ pushRequest, origin: "http://localhost:5173" });
  try {
    await host.setEnv({ LATER: "1" });
    expect(record().at(-1)).toMatchObject({ body: { changes: [{ name: "LATER", value: "1" }] } });
    expect(host.metrics.snapshot()).toEqual({ calls: [], componentCalls: [] });
    expect(() => host.overloads.fail("TimedOut", "a:b")).toThrow(REASONS.overload);
  } finally {
    await host.close();
  }
});

test("a push and variables by these requests are taken by what answers the CLI", async () => {
  const host = await startHost({});
  try {
    const admin = { url: host.url, key: host.adminKey };
    await setVariables(admin, { LOCAL_JWKS: (await createSigner("ES256")).jwks, GONE: undefined });
    await pushTo(admin, await bundleOnce(fixture));
    const list = makeFunctionReference<"query">("messages:list");
    expect(await new ConvexHttpClient(host.url).query(list, { room: "x" })).toEqual([]);
    const refused = setVariables(admin, { CONVEX_SITE_URL: "http://elsewhere" });
    await expect(refused).rejects.toThrow(
      /400: .*Environment variable with name \\"CONVEX_SITE_URL\\" is built-in and cannot be overridden/,
    );
  } finally {
    await host.close();
  }
});

test("every test that is left out on a backend is there, and has a reason", () => {
  for (const [file, name, reason] of LEFT_OUT) {
    // The matrix's groups are its plugins, and its tests are made by what all its files share.
    const folder = join(import.meta.dirname, "..", file.split("/")[0] ?? "");
    const texts = file.startsWith("matrix/")
      ? readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((each) => each.endsWith(".ts"))
          .map((each) => readFileSync(join(folder, each), "utf8"))
      : [readFileSync(join(folder, "..", file), "utf8")];
    const part = name.replace(/ >$/, "");
    expect([file, name, texts.some((text) => text.includes(part))]).toEqual([file, name, true]);
    expect(reasonFor(`/any/where/tests/${file}`, `a ${name} b`)).toBe(REASONS[reason]);
  }
  const used = new Set(LEFT_OUT.map(([, , reason]) => reason));
  expect(Object.keys(REASONS).filter((each) => !used.has(each as never))).toEqual([]);
  expect(reasonFor("/tests/e2e/example.test.ts", "goes through the whole flow")).toBeUndefined();
});
