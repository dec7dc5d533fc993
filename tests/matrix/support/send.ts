/** Requests as a browser sends them over HTTP, and what it lets a page see of the answers. */
import { request as httpRequest } from "node:http";

/** Sends requests. */
export type Send = (request: Request) => Promise<Response>;

/** Sends a request as it is. Node's `fetch` writes over the headers by which browsers say what a request is for. */
export async function sendAsIs(request: Request): Promise<Response> {
  const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
  return new Promise((resolve, reject) => {
    const headers = Object.fromEntries(request.headers);
    const sent = httpRequest(request.url, { method: request.method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const status = answer.statusCode ?? 500;
        const received = new Headers();
        for (let index = 0; index < answer.rawHeaders.length; index += 2)
          received.append(answer.rawHeaders[index] ?? "", answer.rawHeaders[index + 1] ?? "");
        const isEmpty = status === 204 || status === 304;
        resolve(
          new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: received }),
        );
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Headers that a page may send without asking, and such that it may read (Fetch standard). */
const UNASKED = new Set(["accept", "accept-language", "content-language", "origin"]);
const READABLE = new Set(["cache-control", "content-language", "content-type", "expires"]);

/**
 * The same for the scripts of a page on another origin: asks first where a browser does, and hides what it hides. Navigations
 * pass as they are.
 */
export function asBrowser(send: Send): Send {
  const allowed = new Set<string>();

  async function ask(request: Request, headers: string[]): Promise<void> {
    const { method, url } = request;
    const origin = request.headers.get("origin") ?? "";
    const question = [origin, method, ...headers].join(" ");
    if (allowed.has(question)) return;
    const answer = await send(
      new Request(url, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": method,
          "access-control-request-headers": headers.join(","),
        },
      }),
    );
    const listed = (name: string): string[] =>
      (answer.headers.get(name) ?? "").toLowerCase().split(/ *, */);
    const refused = headers.filter(
      (name) => !listed("access-control-allow-headers").includes(name),
    );
    if (
      answer.headers.get("access-control-allow-origin") !== origin ||
      !listed("access-control-allow-methods").includes(method.toLowerCase()) ||
      refused.length > 0
    )
      throw new TypeError(`CORS: ${question} is not allowed (${refused.join(", ")})`);
    allowed.add(question);
  }

  return async (request) => {
    if (request.headers.get("sec-fetch-mode") === "navigate") return send(request);
    const names = [...request.headers.keys()].filter((name) => !UNASKED.has(name)).sort();
    if (names.length > 0) await ask(request, names);
    request.headers.set("sec-fetch-mode", "cors");
    const answer = await send(request);
    if (answer.headers.get("access-control-allow-origin") !== request.headers.get("origin"))
      throw new TypeError(`CORS: the answer of ${request.url} is hidden`);
    const exposed = (answer.headers.get("access-control-expose-headers") ?? "").toLowerCase();
    const readable = new Set([...READABLE, ...exposed.split(/ *, */)]);
    return new Response(answer.body, {
      status: answer.status,
      headers: [...answer.headers].filter(([name]) => readable.has(name)),
    });
  };
}
