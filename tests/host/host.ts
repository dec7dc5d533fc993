/**
 * A local Convex for demo and tests. It is not Convex's backend: see README.md beside this file for what is real, what
 * is simulated and what is missing.
 */
import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { createAdminApi } from "./admin-api.js";
import { bannerOf } from "./banner.js";
import type { Deployment } from "./deployment.js";
import { createDeployment } from "./deployment.js";
import { answerApi } from "./http-api.js";
import type { HostMetrics } from "./metrics.js";
import { createMetrics } from "./metrics.js";
import type { Concurrency } from "./optimistic.js";
import type { Overloads } from "./overload.js";
import { createPermits } from "./permits.js";
import type { PushRequest } from "./push-request.js";
import type { RequestOrigin } from "./request-origin.js";
import { originOf } from "./request-origin.js";
import { serve } from "./serve.js";
import { serveSync } from "./sync.js";

type Variables = Record<string, string | undefined>;

/** What to host and where. Ports default to free ones. */
export interface HostOptions {
  /** What runs from the start. @default nothing, until the Convex CLI pushes */
  pushRequest?: PushRequest;
  port?: number;
  /** The addresses that functions and tokens name, where a test has put something before the host. By default its own. */
  knownAs?: { readonly url: string; readonly siteUrl: string };
  sitePort?: number;
  /** The deployment's variables; a function sees the deployment's two URLs too. */
  env?: Variables | ((urls: { url: string; siteUrl: string }) => Variables);
  /** Receives each line that a function logs. @default nothing is shown */
  log?: (line: string) => void;
  /** What `fetch` does in actions, for tests that stand in for a host of the Internet. @default Node's */
  fetch?: typeof fetch;
  /** Whether mutations run at once, conflict and are run again, as on Convex. @default false */
  concurrent?: boolean;
  /** Stands between the `.site` origin and the HTTP actions. @default what they answer */
  answer?: (deployment: Deployment, request: Request, origin: RequestOrigin) => Promise<Response>;
  /** Whether more than 4 MiB written in a second are refused, as on Convex. @default false */
  writeLimit?: boolean;
  /** Whether clients are told no more of an error than that there was one, as in production. @default false */
  redacted?: boolean;
  /** Whether the site admits four requests at once, as the open-source backend's does. @default false */
  fourAtOnce?: boolean;
  /** Whether `ctx.meta` names the address that the proxy of Convex's cloud saw, which the last hop tells. @default false */
  edge?: boolean;
  /**
   * Keeps contexts for the next call of their module, as Convex does for modules that export `experimental_reuseContext`,
   * on so many workers. @default 16 if the variable `CONVEX_HOST_REUSE` is 1, else none: each call has a fresh context
   */
  workers?: number;
}

/** A running host. */
export interface Host {
  /** The `.cloud` origin, for Convex clients. */
  url: string;
  /** The `.site` origin, for HTTP actions. */
  siteUrl: string;
  /** What the Convex CLI needs beside `url`: `CONVEX_SELF_HOSTED_ADMIN_KEY`. A push starts with an empty database. */
  adminKey: string;
  /** What runs here and what does not, to be shown to whoever started it. */
  banner: string;
  /** Changes variables; `undefined` removes one. Refused as a whole when `auth.config` throws with them. */
  setEnv(env: Record<string, string | undefined>): Promise<void>;
  metrics: { reset(): void; snapshot(): HostMetrics };
  /** Fakes of a backend that has too much to do. */
  overloads: Overloads;
  /** What became of mutations, where they are concurrent. */
  concurrency?: Pick<Concurrency, "counts" | "reset">;
  /** Runs a job of the app's `crons.js` now, or of the component's at a path. Those with an interval run by themselves too. */
  runCron(name: string, component?: string): Promise<void>;
  /** Cuts every WebSocket, as a failing network would. */
  dropConnections(): void;
  close(): Promise<void>;
}

const NOTHING: PushRequest = {
  appDefinition: { definition: null, schema: null, changedModules: [] },
  componentDefinitions: [],
};

/** Starts a host on the loopback interface. */
export async function startHost(options: HostOptions): Promise<Host> {
  const cloud = createServer();
  const site = createServer();
  const url = await listen(cloud, options.port ?? 0);
  const siteUrl = await listen(site, options.sitePort ?? 0);
  const metrics = createMetrics();
  const { pushRequest = NOTHING, log = () => undefined } = options;
  const { answer = (to, request, origin) => to.fetch(request, origin) } = options;
  const deploy = (request: PushRequest, env: Variables): Promise<Deployment> =>
    createDeployment({
      request,
      env,
      ...(options.knownAs ?? { url, siteUrl }),
      metrics,
      log,
      fetch: options.fetch,
      concurrent: options.concurrent ?? false,
      writeLimit: options.writeLimit ?? false,
      redacted: options.redacted ?? false,
      workers: options.workers ?? (process.env["CONVEX_HOST_REUSE"] === "1" ? 16 : undefined),
    });
  const env = typeof options.env === "function" ? options.env({ url, siteUrl }) : options.env;
  let deployment = await deploy(pushRequest, env ?? {}).catch(async (error: unknown) => {
    await Promise.all([stop(cloud), stop(site)]);
    throw error;
  });
  const admin = createAdminApi({
    url,
    siteUrl,
    deployment: () => deployment,
    async prepare(request) {
      const next = await deploy(request, deployment.env());
      return () => {
        deployment.close();
        deployment = next;
        // Clients come back at once, to the new functions.
        for (const socket of sockets.clients) socket.terminate();
      };
    },
  });

  const edge = options.edge ?? false;
  const sitePlaces = createPermits(options.fourAtOnce ? 4 : Infinity);
  site.on("request", (incoming, outgoing) => {
    const origin = originOf(incoming, edge);
    void serve(incoming, outgoing, origin, (request) =>
      sitePlaces.with(() => answer(deployment, request, origin)),
    );
  });
  cloud.on("request", (incoming, outgoing) => {
    const origin = originOf(incoming, edge);
    void serve(incoming, outgoing, origin, async (request) => {
      const { pathname } = new URL(request.url);
      // The action does not see that it was called by this way.
      if (pathname.startsWith("/http/"))
        return deployment.fetch(new Request(request.url.replace("/http/", "/"), request), origin);
      return (
        (await admin.answer(request, origin)) ??
        (await answerApi(deployment, request, origin)) ??
        new Response(null, { status: 404 })
      );
    });
  });
  const sockets = acceptSockets(cloud, (client, request) =>
    serveSync(client, deployment, originOf(request, edge), admin.runAs),
  );

  return {
    url,
    siteUrl,
    adminKey: admin.key,
    banner: bannerOf(deployment.crons),
    setEnv: (env) => deployment.setEnv(env),
    metrics: { reset: () => metrics.reset(), snapshot: () => metrics.snapshot() },
    overloads: deployment.overloads,
    ...(deployment.concurrency && { concurrency: deployment.concurrency }),
    async runCron(name, component = "") {
      const { crons } = deployment;
      const cron = crons.find((each) => each.name === name && each.component === component);
      if (!cron) throw new Error(`there is no cron job ${name}`);
      await deployment.runCron(cron);
    },
    dropConnections: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    async close() {
      deployment.close();
      for (const socket of sockets.clients) socket.terminate();
      await Promise.all([stop(cloud), stop(site)]);
    },
  };
}

function acceptSockets(
  server: Server,
  serve: (client: WebSocket, request: IncomingMessage) => void,
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!/^\/api\/([^/]+\/)?sync$/.test(new URL(request.url ?? "/", "http://host").pathname)) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, serve);
  });
  return sockets;
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
