/** A small HTTP server of the tests, on the loopback interface. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A running server. */
export interface Served {
  url: string;
  close(): Promise<void>;
}

/** Answers each request with what `answer` gives for it. */
export async function serveJson(
  answer: (request: Request) => Promise<Response> | Response,
): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "GET" } = incoming;
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers))
        headers.set(name, String(value));
      const body = method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks);
      const request = new Request(new URL(incoming.url ?? "/", url), { method, headers, body });
      void Promise.resolve(answer(request))
        .catch((error: unknown) => new Response(String(error), { status: 500 }))
        .then(async (response) => {
          outgoing.writeHead(response.status, Object.fromEntries(response.headers));
          outgoing.end(Buffer.from(await response.arrayBuffer()));
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
