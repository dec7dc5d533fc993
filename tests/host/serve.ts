/**
 * Requests of Node's server as those of the web platform, and answers the other way. A library's listener streams answers and goes
 * by the request's `Host`; a deployment has the whole answer first, cuts it at a limit, and knows its own address.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestOrigin } from "./request-origin.js";
import { urlOf } from "./request-origin.js";

/** The most that an HTTP action may answer (`HTTP_ACTION_BODY_LIMIT`): what is more cuts the connection. */
const MAX_ANSWER = 20 << 20;

/** Methods of which the web platform makes no request. */
const IMPOSSIBLE = ["CONNECT", "TRACE", "TRACK"];

/** Answers one request. */
export async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { requestId }: RequestOrigin,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  try {
    const response = IMPOSSIBLE.includes(incoming.method ?? "")
      ? new Response(null, { status: 405 })
      : await answer(await toRequest(incoming, requestId));
    outgoing.statusCode = response.status;
    response.headers.forEach((value, name) => {
      if (name !== "set-cookie") outgoing.setHeader(name, value);
    });
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
    const body = Buffer.from(await response.arrayBuffer());
    if (body.length <= MAX_ANSWER) outgoing.end(body);
    else outgoing.write(body.subarray(0, MAX_ANSWER), () => outgoing.destroy());
  } catch (error) {
    outgoing.statusCode = 500;
    outgoing.end(error instanceof Error ? error.message : "unknown error");
  }
}

async function toRequest(incoming: IncomingMessage, requestId: string): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  }
  headers.set("convex-request-id", requestId);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "GET" } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(urlOf(incoming), {
    method,
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  });
}
