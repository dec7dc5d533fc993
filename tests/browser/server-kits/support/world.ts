/** An example with a server of its own, built for production, and the deployment that it asks. */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalDeployment } from "../../../e2e/local-deployment.js";
import type { Host } from "../../../host/index.js";
import { bundleOnce } from "../../../host/index.js";
import { freePort } from "../../support/app.js";
import { builtInto, plainEnv } from "./build.js";
import type { ServerKit } from "./kit.js";
import type { Relay } from "./relay.js";
import { startRelay } from "./relay.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const PATIENCE_MS = 30_000;

/** A running example. */
export interface World {
  readonly origin: string;
  readonly host: Host;
  /** Before the deployment, for clients and for HTTP actions. Only the app's server knows the second. */
  readonly cloud: Relay;
  readonly site: Relay;
  /** What functions logged, and what the app's server said. */
  readonly hostLog: string[];
  readonly serverLog: string[];
  /** The deployment is gone, or back. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
}

/** Builds and starts an example. Prints how long that took. */
export async function startWorld(kit: ServerKit): Promise<World> {
  const began = Date.now();
  const origin = `http://localhost:${String(await freePort())}`;
  const hostLog: string[] = [];
  const [cloud, site] = await Promise.all([startRelay(), startRelay()]);
  const deployment = { url: cloud.url, siteUrl: site.url };
  const host = await startLocalDeployment({
    pushRequest: await bundleOnce(join(root, "examples", kit.name)),
    origin,
    log: (line) => hostLog.push(line),
    env: { ONE_ORIGIN: "on", BETTER_AUTH_URL: origin },
    knownAs: deployment,
  });
  cloud.target = host.url;
  site.target = host.siteUrl;
  const folder = join(root, `tests/output/server-kits/running-${kit.name}-${portOf(origin)}`);
  const buildSeconds = await builtInto(folder, kit, deployment);
  const server = await startServer(kit, folder, origin, {
    ...kit.env(deployment),
    SITE_URL: origin,
  });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`note: ${kit.name}: built in ${buildSeconds.toFixed(1)} s, ready in ${seconds} s`);
  return {
    origin,
    host,
    cloud,
    site,
    hostLog,
    serverLog: server.log,
    setDown(isDown) {
      cloud.setDown(isDown);
      site.setDown(isDown);
    },
    async close() {
      await server.stop();
      await Promise.all([cloud.close(), site.close(), host.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(
  kit: ServerKit,
  cwd: string,
  origin: string,
  env: Record<string, string>,
): Promise<{ log: string[]; stop(): Promise<void> }> {
  const port = portOf(origin);
  const args = kit
    .start(Number(port))
    .map((arg) => arg.replace(/^node_modules(?=\/)/, `${root}/$&`));
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...plainEnv(), ...env, PORT: port, HOST: "localhost", ORIGIN: origin },
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const stop = (): Promise<void> => (child.kill(), ended);
  const until = Date.now() + PATIENCE_MS;
  while (!(await isThere(`${origin}${kit.home}`))) {
    if (child.exitCode === null && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    await stop();
    throw new Error(`the server of ${kit.name} did not start:\n${log.join("")}`);
  }
  return { log, stop };
}

async function isThere(url: string): Promise<boolean> {
  return fetch(url, { redirect: "manual" }).then(
    ({ status }) => status < 500,
    () => false,
  );
}

function portOf(origin: string): string {
  return new URL(origin).port;
}
