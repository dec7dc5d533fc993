/**
 * docs/other-servers.md, word by word: Hono behind its own server for Node, Nuxt's routes behind h3's listener, and plain
 * Request, each against a real HTTP server in the deployment's place. Nuxt itself is not run, and Astro's code is
 * compiled only, as all code of the pages is.
 */
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { build } from "esbuild";
import type { EventHandler } from "h3";
import { createApp, createRouter, toNodeListener } from "h3";
import type { Hono } from "hono";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readClientIp } from "../../js/utils/client-ip-header.js";
import { quiet } from "./support/quiet.js";
import { tokenOf } from "./support/tokens.js";
import type { Upstream } from "./support/upstream.js";
import { json, startUpstream } from "./support/upstream.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "tests/output/other-servers");
const SECRET = "what-the-server-and-the-deployment-share";
const COOKIES = [
  "better-auth.convex_jwt=a.b.c; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
  "better-auth.session_token=t.s; Path=/; HttpOnly",
];
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
  vi.stubEnv("CONVEX_URL", upstream.origin);
  vi.stubEnv("CONVEX_SITE_URL", upstream.origin);
  vi.stubEnv("SITE_URL", "http://localhost:3000");
  vi.stubEnv("PROXY_SECRET", SECRET);
  await rm(folder, { recursive: true, force: true });
  await written(await readFile(join(root, "docs/other-servers.md"), "utf8"));
}, 30_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  upstream.arrived.length = 0;
  upstream.on("/api/auth/convex/token", (response) =>
    json(
      response,
      { token: tokenOf(upstream.origin, 900) },
      { headers: { "set-cookie": COOKIES } },
    ),
  );
  upstream.on("/api/query", (response) =>
    json(response, { status: "success", value: [{ text: "<tea>" }], logLines: [] }),
  );
  upstream.on("/api/auth/sign-in/email", (response, arrived) =>
    json(response, arrived, { headers: { "set-cookie": COOKIES } }),
  );
});

/** Writes the page's files, as a reader would, with what `npx convex dev` generates. */
async function written(page: string): Promise<void> {
  const blocks = [...page.matchAll(/^```ts\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)].map(
    ([, code = "", path = ""]) => [path, code] as const,
  );
  const todos = `import type { FunctionReference } from "convex/server";
type List = FunctionReference<"query", "public", Record<string, never>, { text: string }[]>;`;
  const generated = `import { anyApi } from "convex/server";
${todos}
export const api = anyApi as unknown as { todos: { list: List } };\n`;
  for (const [path, code] of [...blocks, ["convex/_generated/api.ts", generated] as const]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), code);
  }
}

/** Loads a file of the page. The package is its source here; all other packages are those that are installed. */
async function load<T>(path: string): Promise<T> {
  const outfile = join(folder, "out", `${path.replaceAll(/\W+/g, "-")}.mjs`);
  await build({
    entryPoints: [join(folder, path)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    alias: { "convex-gate/ssr": join(root, "js/ssr/index.ts") },
  });
  return (await import(pathToFileURL(outfile).href)) as T;
}

/** Serves on a free port while `use` runs. */
async function served(listener: RequestListener, use: (origin: string) => Promise<void>) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const session = { cookie: "better-auth.session_token=t.s" };
const asked = () => upstream.arrived.map(({ url }) => url.replace(/\?.*/, ""));
const BODY = JSON.stringify({ email: "ada@example.com", password: "x".repeat(100_000) });

/** A sign-in, in a body of several chunks, with a forged host. */
async function signsIn(origin: string, knowsVisitor: boolean): Promise<void> {
  const answer = await fetch(`${origin}/api/auth/sign-in/email?a=1`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-host": "evil.example" },
    body: new Blob([BODY]).stream(),
    duplex: "half",
  } as RequestInit);
  expect(answer.status).toBe(200);
  expect(answer.headers.getSetCookie()).toEqual(COOKIES);
  const { url, body, headers } = (await answer.json()) as (typeof upstream.arrived)[number];
  expect([url, body === BODY]).toEqual(["/api/auth/sign-in/email?a=1", true]);
  expect(headers).not.toHaveProperty("x-forwarded-host");
  const visitor = await readClientIp(String(headers["x-gate-client-ip"]), SECRET);
  expect(visitor).toBe(knowsVisitor ? "127.0.0.1" : null);
}

describe("Hono", () => {
  let listener: RequestListener;
  beforeAll(async () => {
    const { app } = await load<{ app: Hono }>("src/server.ts");
    listener = getRequestListener(app.fetch);
  });

  it("passes a sign-in on", () => served(listener, (origin) => signsIn(origin, true)));

  it("renders a page with its user's data, for one token, and sets its cookies", () =>
    served(listener, async (origin) => {
      const page = await fetch(origin, { headers: session });
      expect(await page.text()).toContain("<li>&lt;tea&gt;</li>");
      expect(page.headers.getSetCookie()).toEqual(COOKIES);
      expect(asked()).toEqual(["/api/auth/convex/token", "/api/query"]);
    }));

  it("sends nobody to the sign-in, and says when it does not know", () =>
    served(listener, async (origin) => {
      const page = await fetch(origin, { redirect: "manual" });
      expect([page.status, page.headers.get("location")]).toEqual([302, "/sign-in"]);
      quiet();
      upstream.on("/api/auth/convex/token", (response) => json(response, {}, { status: 500 }));
      expect((await fetch(origin, { headers: session })).status).toBe(503);
    }));
});

describe("Nuxt", () => {
  let listener: RequestListener;
  beforeAll(async () => {
    const route = async (path: string) => (await load<{ default: EventHandler }>(path)).default;
    const router = createRouter()
      .use("/api/auth/**", await route("server/api/auth/[...].ts"))
      .get("/api/todos", await route("server/api/todos.get.ts"));
    // As Nitro puts them together: middleware first, routes by their files' names.
    listener = toNodeListener(
      createApp()
        .use(await route("server/middleware/auth.ts"))
        .use(router),
    );
  });

  it("passes a sign-in on", () => served(listener, (origin) => signsIn(origin, true)));

  it("answers with its user's data, for one token, and sets its cookies", () =>
    served(listener, async (origin) => {
      const answer = await fetch(`${origin}/api/todos`, { headers: session });
      expect(await answer.json()).toEqual([{ text: "<tea>" }]);
      expect(answer.headers.getSetCookie()).toEqual(COOKIES);
      expect(asked()).toEqual(["/api/auth/convex/token", "/api/query"]);
    }));

  it("passes on what has no body, and what leads elsewhere", () =>
    served(listener, async (origin) => {
      upstream.on("/api/auth/none", (response) => void response.writeHead(204).end());
      upstream.on("/api/auth/callback/github", (response) => {
        response.writeHead(302, { location: "/welcome", "set-cookie": COOKIES }).end();
      });
      expect((await fetch(`${origin}/api/auth/none`, { method: "DELETE" })).status).toBe(204);
      const back = await fetch(`${origin}/api/auth/callback/github?code=1`, { redirect: "manual" });
      expect([back.status, back.headers.get("location")]).toEqual([302, "/welcome"]);
      expect(back.headers.getSetCookie()).toEqual(COOKIES);
    }));
});

describe("plain Request", () => {
  let handle: (request: Request) => Promise<Response>;
  beforeAll(async () => {
    ({ handle } = await load<{ handle: typeof handle }>("src/handle.ts"));
  });

  it("passes a sign-in on", () =>
    served(getRequestListener(handle), (origin) => signsIn(origin, false)));

  it("answers with its user's data, and nobody's without a request for a token", async () => {
    const page = await handle(new Request("http://localhost:3000/", { headers: session }));
    expect(await page.json()).toEqual([{ text: "<tea>" }]);
    expect(page.headers.getSetCookie()).toEqual(COOKIES);
    upstream.arrived.length = 0;
    const other = await handle(new Request("http://localhost:3000/"));
    expect([await other.json(), asked()]).toEqual([[], []]);
  });
});
