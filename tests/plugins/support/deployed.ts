/** An app behind its mounted routes on a port of this machine, for programs that ask a deployment. */
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpRouter } from "convex/server";
import { afterEach } from "vitest";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { createClient } from "../../../js/server/index.js";
import type { RouteOptions } from "../../../js/server/index.js";
import { createApp } from "./app.js";
import type { AppOptions } from "./app.js";

/** The frontend that an app trusts, unless a test says otherwise. */
export const origin = "http://localhost:5173";

let server: Server | undefined;

/** Stops what is deployed. */
export async function undeploy(): Promise<void> {
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  server = undefined;
}

/** Ends every deployment with its test. */
export function useDeployments(): void {
  afterEach(undeploy);
}

/** Deploys an app. Gives its site URL. */
export async function deploy(
  app: AppOptions["options"] = {},
  routes: RouteOptions = { cors: true },
  keysUnder = app.basePath,
  plugins: AppOptions["plugins"] = [],
): Promise<string> {
  const http = httpRouter();
  const started = createServer((request, response) => {
    void answer(request).then(async (result) => {
      response.writeHead(result.status, [...result.headers].flat());
      response.end(await result.text());
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const siteUrl = `http://127.0.0.1:${String((started.address() as AddressInfo).port)}`;
  const { auth } = createApp({
    plugins,
    convexOptions: {
      authConfig: {
        providers: [getAuthConfigProvider({ algorithm: "ES256", basePath: keysUnder })],
      },
    },
    options: { baseURL: siteUrl, trustedOrigins: [origin], ...app },
  });
  // Made before anybody asks; on Convex a request makes it and is told.
  auth.$context.catch(() => undefined);
  // Issuer and key set are of this deployment.
  process.env["CONVEX_SITE_URL"] = siteUrl;
  // The routes reach no component here: the app keeps its data in memory.
  createClient({} as ComponentApi).registerRoutes(http, () => auth, routes);

  async function answer(request: IncomingMessage): Promise<Response> {
    const { method = "GET" } = request;
    // As a backend does on the port for clients, which is the same one here.
    const url = (request.url ?? "/").replace(/^\/http\//, "/");
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    const found = http.lookup(url, method as "GET");
    if (!found) return new Response("no route", { status: 404 });
    const headers = new Headers(request.headers as Record<string, string>);
    const init = body.length > 0 ? { body: Buffer.concat(body) } : {};
    const handler = found[0] as unknown as {
      invokeHttpAction(request: Request): Promise<Response>;
    };
    return handler.invokeHttpAction(new Request(siteUrl + url, { method, headers, ...init }));
  }
  return siteUrl;
}
