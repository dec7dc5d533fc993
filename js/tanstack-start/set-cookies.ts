/** What Start's request has beside a standard one where its server is Node's (srvx 1.0). */
interface NodeRequest {
  readonly runtime?: { readonly node?: { readonly res?: NodeResponse | undefined } };
}

/** The part of Node's `ServerResponse` that is used. */
interface NodeResponse {
  getHeaderNames(): readonly string[];
  setHeader(name: string, values: readonly string[]): unknown;
  writeHead(...head: unknown[]): unknown;
}

/**
 * Keeps each Set-Cookie of a request's answer in development. Vite's server has put headers on Node's response by then, and
 * with any there Node 20 keeps only the last of several of one name that srvx gives it as a list (`writeHead`). What is on
 * Node's response already stays, so cookies go there first.
 */
export function keepCookiesApart(request: Request): void {
  const node = (request as NodeRequest).runtime?.node?.res;
  if (!node || node.getHeaderNames().length === 0) return;
  const { writeHead } = node;
  node.writeHead = function (...head) {
    const list: unknown = head.pop();
    return writeHead.call(node, ...head, Array.isArray(list) ? withoutCookies(node, list) : list);
  };
}

/** Puts the cookies of a list of names and values on Node's response. Gives what else is in the list. */
function withoutCookies(node: NodeResponse, list: readonly string[]): string[] {
  const isOfCookie = (_: string, at: number): boolean =>
    list[at - (at % 2)]?.toLowerCase() === "set-cookie";
  const cookies = list.filter((each, at) => at % 2 === 1 && isOfCookie(each, at));
  if (cookies.length > 0) node.setHeader("set-cookie", cookies);
  return list.filter((each, at) => !isOfCookie(each, at));
}
