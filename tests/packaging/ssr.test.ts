/** `convex-gate/ssr` as it is packed, in an app that has nothing else: what it needs, weighs and says in its types. */
import { execFile } from "node:child_process";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeBareApp } from "./bare-app.js";
import type { BareApp } from "./bare-app.js";
import { exportBytes, exportGraph } from "./bundle-report.js";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
let bare: BareApp;
let app: string;
let packageFolder: string;

beforeAll(async () => {
  bare = await makeBareApp([]);
  ({ folder: app, packageFolder } = bare);
});
afterAll(() => bare.remove());

const node = async (code: string): Promise<string> =>
  (await run("node", ["--input-type=module", "-e", code], { cwd: app })).stdout.trim();

it("asks for a token with nothing else installed, and needs Convex's client for the first call only", async () => {
  const printed = await node(`
    import { createAuthServer } from "convex-gate/ssr";
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = [part({}), part({ exp: Date.now() / 1000 + 900 }), "x"].join(".");
    const server = createAuthServer({
      convexUrl: "https://x.convex.cloud",
      convexSiteUrl: "https://x.convex.site",
      siteUrl: "http://localhost:3000",
      fetch: () => Promise.resolve(Response.json({ token })),
    });
    const auth = server.forRequest(new Headers({ cookie: "better-auth.session_token=t.s" }));
    const call = auth.fetchQuery({ [Symbol.for("functionName")]: "todos:list" });
    const failure = await call.catch((error) => error.code);
    const passed = await server.handler(new Request("http://localhost:3000/api/auth/ok"));
    console.log((await auth.getToken()) === token, failure, passed.status);
  `);
  expect(printed).toBe("true ERR_MODULE_NOT_FOUND 200");
});

it("reaches nothing of React, Better Auth, Node or wasm", async () => {
  const { files } = await exportGraph("convex-gate/ssr", app, packageFolder);
  const own = /^dist\/js\/(auth-config|client|errors|ssr|utils)\//;
  expect(files.filter((file) => !file.includes("stdin") && !own.test(file))).toEqual([
    "convex/browser",
  ]);
});

it("does no work when it is imported: no fetch, no timer, no read of a variable", async () => {
  const { files } = await exportGraph("convex-gate/ssr", app, packageFolder);
  const loud = [];
  for (const file of files.filter((each) => each.startsWith("dist/"))) {
    const code = await readFile(join(packageFolder, file), "utf8");
    // Calls at the beginning of a line are those of the module itself, as tsc writes it.
    if (/^(await |[\w.]+\()/m.test(code)) loud.push(file);
  }
  expect(loud).toEqual([]);
});

it("weighs 5,600 bytes with gzip at most", async () => {
  const { raw, gzip } = await exportBytes("convex-gate/ssr", app);
  console.log(`note: convex-gate/ssr: ${String(raw)} bytes minified, ${String(gzip)} with gzip`);
  expect(gzip).toBeLessThan(5_600);
});

it("has types that need convex and nothing else", async () => {
  await symlink(join(modules, "convex"), join(app, "node_modules/convex"), "dir");
  await writeFile(
    join(app, "page.ts"),
    `import { createAuthServer, isGateError, type AuthState, type RequestAuth } from "convex-gate/ssr";
import { makeFunctionReference } from "convex/server";
const list = makeFunctionReference<"query", { of: string }, string[]>("todos:list");
const server = createAuthServer({
  convexUrl: "https://x.convex.cloud",
  convexSiteUrl: "https://x.convex.site",
  siteUrl: "http://localhost:3000",
  fetch: (input, init) => fetch(input, init),
});
export async function page(request: Request): Promise<string[]> {
  const auth: RequestAuth = server.forRequest(request.headers, { canSetCookies: false });
  const state: AuthState = await auth.getState();
  if (state.session === "unknown") return ["try again"];
  const token: string | null = state.session === "signedIn" ? state.token : null;
  return token === null ? [] : auth.fetchQuery(list, { of: "ada" });
}
export const isDown = (error: unknown): boolean => isGateError(error, "AUTH_UNAVAILABLE");
`,
  );
  const resolution = ["--module", "NodeNext", "--moduleResolution", "NodeNext"];
  expect(await bare.compile("page.ts", ...resolution)).toBe("");
});
