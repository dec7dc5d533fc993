/**
 * A local Convex for demo and tests. It is not Convex's backend: see README.md beside this file for what is real, what
 * is simulated and what is missing.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
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
import type { PushRequest } from "./push-request.js";
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
  answer?: (deployment: Deployment, request: Request, path: string) => Promise<Response>;
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
  const { answer = (to, request, path) => to.fetch(request, path) } = options;
  const deploy = (request: PushRequest, env: Variables): Promise<Deployment> =>
    createDeployment({
      request,
      env,
      ...(options.knownAs ?? { url, siteUrl }),
      metrics,
      log,
      fetch: options.fetch,
      concurrent: options.concurrent ?? false,
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
        deployment = next;
        // Clients come back at once, to the new functions.
        for (const socket of sockets.clients) socket.terminate();
      };
    },
  });

  site.on(
    "request",
    (incoming, outgoing) =>
      void serve(incoming, outgoing, siteUrl, (request, path) => answer(deployment, request, path)),
  );
  cloud.on(
    "request",
    (incoming, outgoing) =>
      void serve(incoming, outgoing, url, async (request, path) => {
        const route = /^\/http(\/.*)$/.exec(path)?.[1];
        // The action does not see that it was called by this way.
        if (route !== undefined)
          return deployment.fetch(new Request(request.url.replace("/http/", "/"), request), route);
        return (
          (await admin.answer(request, path)) ??
          (await answerApi(deployment, request, path)) ??
          new Response("not found", { status: 404 })
        );
      }),
  );
  const sockets = acceptSockets(cloud, (client) => serveSync(client, deployment, admin.runAs));

  return {
    url,
    siteUrl,
    adminKey: admin.key,
    banner: bannerOf(pushRequest),
    setEnv: (env) => deployment.setEnv(env),
    metrics: { reset: () => metrics.reset(), snapshot: () => metrics.snapshot() },
    overloads: deployment.overloads,
    ...(deployment.concurrency && { concurrency: deployment.concurrency }),
    dropConnections: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await Promise.all([stop(cloud), stop(site)]);
    },
  };
}

function acceptSockets(server: Server, serve: (client: WebSocket) => void): WebSocketServer {
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

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: string,
  answer: (request: Request, path: string) => Promise<Response>,
): Promise<void> {
  try {
    const request = await toRequest(incoming, origin);
    const response = await answer(request, new URL(request.url).pathname);
    outgoing.statusCode = response.status;
    response.headers.forEach((value, name) => {
      if (name !== "set-cookie") outgoing.setHeader(name, value);
    });
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    outgoing.statusCode = 500;
    outgoing.end(error instanceof Error ? error.message : "unknown error");
  }
}

async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "GET" } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(new URL(incoming.url ?? "/", origin), {
    method,
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  });
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
