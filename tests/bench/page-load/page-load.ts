/**
 * `npm run bench -- --page-load [--rounds N] [--latency MS] [--before FOLDER]`: the time from the beginning of a navigation to the
 * first protected data in Chromium, of this package, the published peer and, if named, another built checkout of this one.
 */
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../../browser/support/chromium.js";
import { startLocalDeployment } from "../../e2e/local-deployment.js";
import type { Host } from "../../host/index.js";
import { bundleApp } from "../../host/index.js";

// Bundled into tests/output, two levels below the repository's root.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    latency: { type: "string", default: "0" },
    before: { type: "string" },
  },
});

interface Subject {
  readonly name: string;
  readonly gate: string;
  /** Where its packages are. */
  readonly folder: string;
}

const peer = join(repository, "tests/bench/peer");
const subjects: Subject[] = [
  { name: "convex-gate", gate: "convex-gate", folder: repository },
  ...(values.before ? [{ name: "before", gate: "convex-gate", folder: values.before }] : []),
  { name: "the peer", gate: "@convex-dev/better-auth", folder: peer },
];

/** A subject in a folder where it finds its packages as an app does. */
async function stage({ name, gate, folder }: Subject): Promise<string> {
  const staged = join(repository, "tests/output/bench-page-load", name.replaceAll(" ", "-"));
  await rm(staged, { recursive: true, force: true });
  await cp(join(repository, "tests/bench/page-load/app"), staged, { recursive: true });
  for (const file of await readdir(staged, { recursive: true })) {
    const path = join(staged, file);
    if (/\.jsx?$/.test(file))
      await writeFile(path, (await readFile(path, "utf8")).replaceAll("@gate", gate));
  }
  await writeFile(
    join(staged, "package.json"),
    JSON.stringify({ name: "page-load", type: "module", dependencies: { convex: "*" } }),
  );
  if (gate === "convex-gate") {
    await mkdir(join(staged, "node_modules"));
    await symlink(folder, join(staged, "node_modules/convex-gate"), "dir");
  } else await symlink(join(folder, "node_modules"), join(staged, "node_modules"), "dir");
  return staged;
}

/** A server of the page, which has no script before it is told of its deployment. */
async function servePage(folder: string) {
  let script = "";
  const bundle = async ({ url, siteUrl }: Pick<Host, "url" | "siteUrl">): Promise<void> => {
    const { outputFiles } = await build({
      entryPoints: [join(folder, "page.jsx")],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      alias: {
        react: join(repository, "node_modules/react"),
        "react-dom": join(repository, "node_modules/react-dom"),
      },
      define: {
        SITE_URL: JSON.stringify(siteUrl),
        CLOUD_URL: JSON.stringify(url),
        "process.env.NODE_ENV": '"production"',
      },
    });
    script = outputFiles[0]?.text ?? "";
  };
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(
      isScript
        ? script
        : '<!doctype html><main></main><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://localhost:${String(port)}`, bundle, close: () => server.close() };
}

async function shownAt(page: Page): Promise<number> {
  const handle = await page.waitForFunction(
    () => (window as unknown as { shownAt?: number }).shownAt,
  );
  return (await handle.jsonValue()) ?? Number.NaN;
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;

/** A page of a subject, and somebody's signed-in browser. */
interface Visits {
  readonly name: string;
  readonly cold: number[];
  readonly reload: number[];
  requests: number;
  readonly visit: () => Promise<void>;
}

interface Served {
  readonly visits: Visits[];
  readonly close: () => Promise<void>;
}

async function serve(subject: Subject, browser: Browser): Promise<Served> {
  const folder = await stage(subject);
  const served = await servePage(folder);
  const pushRequest = await bundleApp(folder);
  const host = await startLocalDeployment({ pushRequest, origin: served.origin });
  await served.bundle(host);
  const state = await signUp(browser, served.origin);
  return {
    visits: (subject.gate === "convex-gate"
      ? ["Authenticated", "AuthBoundary"]
      : ["Authenticated"]
    ).map((boundary) => {
      const visits: Visits = {
        name: `${subject.name}, ${boundary}`,
        cold: [],
        reload: [],
        requests: 0,
        visit: () => visit(browser, `${served.origin}/?${boundary}`, state, visits),
      };
      return visits;
    }),
    async close() {
      await host.close();
      served.close();
    },
  };
}

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** The storage of a browser that signed up. A first load has no token of a visit before: that has ended. */
async function signUp(browser: Browser, origin: string): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(origin);
  await page.evaluate(async () => {
    const { authClient } = window as unknown as {
      authClient: { signUp: { email: (person: object) => Promise<unknown> } };
    };
    const person = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
    await authClient.signUp.email(person);
  });
  await shownAt(page);
  const state = await context.storageState();
  await context.close();
  for (const each of state.origins)
    each.localStorage = each.localStorage.filter(({ name }) => !name.endsWith(".token"));
  return state;
}

async function visit(
  browser: Browser,
  address: string,
  storageState: State,
  visits: Visits,
): Promise<void> {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: Number(values.latency),
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await page.goto(address);
  visits.cold.push(await shownAt(page));
  await page.waitForTimeout(500);
  page.on("request", (request) => {
    if (request.url().includes("/api/auth/")) visits.requests += 1;
  });
  await page.reload();
  visits.reload.push(await shownAt(page));
  await page.waitForTimeout(300);
  await context.close();
}

const rounds = Number(values.rounds);
const browser = await launchChromium();
const sides: Served[] = [];
for (const subject of subjects) sides.push(await serve(subject, browser));
const all = sides.flatMap(({ visits }) => visits);
// In turns, so that a busy moment of the machine is everybody's.
for (let round = 0; round < rounds; round += 1) for (const { visit } of all) await visit();
console.log(
  `Medians of ${values.rounds}, in ms; each HTTP request takes ${values.latency} ms more.`,
);
console.log("| page                       |  cold | reload | requests of a reload |");
console.log("| -------------------------- | ----: | -----: | -------------------: |");
for (const { name, cold, reload, requests } of all) {
  const cells = [median(cold).toFixed(0).padStart(5), median(reload).toFixed(0).padStart(6)];
  const asked = (requests / rounds).toFixed(1).padStart(20);
  console.log(`| ${name.padEnd(26)} | ${cells.join(" | ")} | ${asked} |`);
}
await browser.close();
await Promise.all(sides.map(({ close }) => close()));
