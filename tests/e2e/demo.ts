/** The demo: the example app on the local host, for a person, or with `--check` for the flow. */
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { bundleApp } from "../host/index.js";
import { checkPushRequest, startLocalDeployment } from "./local-deployment.js";

// Bundled into tests/output, two levels below the repository's root.
const exampleFolder = fileURLToPath(new URL("../../examples/react", import.meta.url));
const APP_PORT = 5173;

const banner = `
This is a local host and not Convex: it runs the bundle that the real Convex CLI writes, each function in a fresh V8
context, and keeps its data in convex-test, in memory. tests/host/README.md says what it does not model.
`;

async function check(): Promise<number> {
  console.log(banner);
  const results = await checkPushRequest(await bundleApp(exampleFolder));
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`\n${String(results.length - failed)} steps passed, ${String(failed)} failed`);
  return failed === 0 ? 0 : 1;
}

async function serve(): Promise<void> {
  const origin = `http://localhost:${String(APP_PORT)}`;
  const host = await startLocalDeployment({
    pushRequest: await bundleApp(exampleFolder),
    origin,
    log: (line) => console.log(line),
    env: { FAKE_MAIL: "on" },
  });
  process.env["VITE_CONVEX_URL"] = host.url;
  process.env["VITE_CONVEX_SITE_URL"] = host.siteUrl;
  const app = await createServer({
    root: exampleFolder,
    server: { port: APP_PORT, strictPort: true, host: "localhost" },
    logLevel: "warn",
  });
  await app.listen();
  console.log(`${banner}
  app             ${origin}
  Convex (cloud)  ${host.url}
  Convex (site)   ${host.siteUrl}

Ctrl-C stops everything.
`);
  const stop = (): void => {
    void Promise.all([app.close(), host.close()]).then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

if (process.argv.includes("--check")) process.exitCode = await check();
else await serve();
