/** What Start's request has beside a standard one where its server is Node's (srvx 1.0). */
interface NodeRequest {
  readonly runtime?: { readonly node?: { readonly res?: NodeResponse | undefined } };
}

/** The part of Node's `ServerResponse` that is used. */
interface NodeResponse {
  getHeaderNames(): readonly string[];
  setHeader(name: string, values: readonly string[]): unknown;
}

/**
 * Keeps each Set-Cookie of a response in development. Vite's server has put headers on Node's response by then, and with any
 * there Node 20 keeps only the last of several of one name that srvx gives it as a list (`writeHead`). What is on
 * Node's response already stays, so that is where cookies go then.
 */
export function keepCookiesApart(request: Request, response: Response): Response {
  const node = (request as NodeRequest).runtime?.node?.res;
  const cookies = response.headers.getSetCookie();
  if (!node || cookies.length < 2 || node.getHeaderNames().length === 0) return response;
  node.setHeader("set-cookie", cookies);
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  return new Response(response.body, { status: response.status, headers });
}
