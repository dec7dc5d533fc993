/** The demo: an example app on the local host, for a person, or with `--check` for the flow. */
import { bundleApp } from "../host/index.js";
import { demoOf } from "./demos/index.js";
import type { DemoApp } from "./demos/demo-app.js";
import { checkPushRequest, startLocalDeployment } from "./local-deployment.js";

const banner = `
This is a local host and not Convex: it runs the bundle that the real Convex CLI writes, each function in a fresh V8
context, and keeps its data in convex-test, in memory. tests/host/README.md says what it does not model.
`;

async function check({ folder }: DemoApp): Promise<number> {
  console.log(banner);
  const results = await checkPushRequest(await bundleApp(folder));
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`\n${String(results.length - failed)} steps passed, ${String(failed)} failed`);
  return failed === 0 ? 0 : 1;
}

async function serve(demo: DemoApp): Promise<void> {
  const origin = `http://localhost:${String(demo.port)}`;
  const host = await startLocalDeployment({
    pushRequest: await bundleApp(demo.folder),
    origin,
    log: (line) => console.log(line),
    env: {
      FAKE_MAIL: "on",
      ...(demo.isOneOrigin ? { ONE_ORIGIN: "on", BETTER_AUTH_URL: origin } : {}),
    },
  });
  const app = await demo.start(demo, host);
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

const args = process.argv.slice(2);
try {
  const demo = demoOf(args);
  if (args.includes("--check")) process.exitCode = await check(demo);
  else await serve(demo);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
