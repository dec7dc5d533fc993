/** A deployment as far as a proxy sees it: a real HTTP server that records what arrives and answers by a table. */
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as text; empty where the route reads it itself. */
  readonly body: string;
}

type Answer = (
  response: ServerResponse,
  arrived: Arrived,
  request: IncomingMessage,
) => void | Promise<void>;

/** The running server. */
export interface Upstream extends AsyncDisposable {
  readonly origin: string;
  readonly arrived: Arrived[];
  /** Answers a path. `raw` leaves the body to the answer. */
  on(path: string, answer: Answer, options?: { raw?: boolean }): void;
}

/** Starts a server that answers 404 to what no route is for. */
export async function startUpstream(): Promise<Upstream> {
  const routes = new Map<string, { answer: Answer; raw: boolean }>();
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { method = "", url = "", headers } = request;
      const route = routes.get(url.replace(/\?.*$/, ""));
      const body = route?.raw ? "" : await textOf(request);
      const seen = { method, url, headers, body };
      arrived.push(seen);
      if (route) return route.answer(response, seen, request);
      response.writeHead(404).end();
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    arrived,
    on: (path, answer, { raw = false } = {}) => void routes.set(path, { answer, raw }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  body: unknown,
  {
    status = 200,
    headers = {},
  }: { status?: number; headers?: Record<string, string | string[]> } = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
