/** The address that a request came from, as Convex or the app's own server knows it. */
import { GateError } from "../errors/index.js";
import { PROXY_SECRET_HEADER, VISITOR_IP_HEADER } from "../utils/proxy-headers.js";
import type { AuthInstance, ReadOptions } from "./types.js";

/** The header that Better Auth reads the address from unless the app names another. */
const HEADER = "x-forwarded-for";
const SHORTEST_SECRET = 32;

/** What an HTTP action's `ctx` offers since convex 1.42. */
interface RequestMeta {
  meta?: { getRequestMetadata?: () => Promise<{ ip: string | null }> };
}

/** A server that is believed when it says whom a request comes from. */
export interface TrustedProxy {
  /**
   * What the server and the deployment share, at least 32 characters. The server sends it with the visitor's address:
   * `proxyRequestHeaders(request.headers, { visitor: { ip, secret } })` of `convex-gate/utils`.
   */
  readonly secret: string | undefined;
}

/** Throws `INVALID_OPTION` for a proxy whose secret is missing or short. */
export function checkTrustedProxy(proxy: TrustedProxy | undefined): void {
  if (proxy === undefined || (proxy.secret ?? "").length >= SHORTEST_SECRET) return;
  throw new GateError(
    "INVALID_OPTION",
    `trustedProxy.secret must have ${SHORTEST_SECRET} characters or more. Make one with \`openssl rand -base64 32\`, and set ` +
      "it for your server and with `npx convex env set PROXY_SECRET …`.",
    { meta: { option: "trustedProxy" } },
  );
}

/**
 * The request with one address in `x-forwarded-for`, for rate limits and for `session.ipAddress`: the visitor's when a
 * trusted proxy names it, else Convex's word on it. What arrives in that header can be written by anybody, or is a list,
 * which Better Auth (1.7) does not trust; it goes, where Convex knows no address. An app that says in
 * `advanced.ipAddress` where addresses come from is left alone.
 */
export async function withClientIp(
  auth: AuthInstance,
  ctx: unknown,
  request: Request,
  proxy: TrustedProxy | undefined,
): Promise<Request> {
  const options: ReadOptions = (await auth.$context).options;
  const { ipAddress } = options.advanced ?? {};
  if (ipAddress?.disableIpTracking || ipAddress?.ipAddressHeaders || ipAddress?.trustedProxies)
    return request;
  const ip = visitorOf(request, proxy) ?? (await addressOf(ctx as RequestMeta));
  if (ip === undefined && !request.headers.has(PROXY_SECRET_HEADER)) return request;
  const change = (headers: Headers): void => {
    headers.delete(PROXY_SECRET_HEADER);
    if (ip === null) headers.delete(HEADER);
    else if (ip !== undefined) headers.set(HEADER, ip);
  };
  try {
    change(request.headers);
    return request;
  } catch {
    // Runtimes may make the headers of what has arrived immutable.
    const headers = new Headers(request.headers);
    change(headers);
    return new Request(request, { headers });
  }
}

/** The address that a trusted proxy names. */
function visitorOf(request: Request, proxy: TrustedProxy | undefined): string | undefined {
  const sent = request.headers.get(PROXY_SECRET_HEADER);
  if (!proxy?.secret || sent === null || !isSame(sent, proxy.secret)) return undefined;
  return plainAddress(request.headers.get(VISITOR_IP_HEADER)) ?? undefined;
}

/** null where Convex knows no address, undefined for a backend that is older than the package and is not asked. */
async function addressOf({ meta }: RequestMeta): Promise<string | null | undefined> {
  try {
    const known = await meta?.getRequestMetadata?.();
    return known && plainAddress(known.ip);
  } catch {
    return undefined;
  }
}

/** An address without the port that some servers add; null for anything else, as a client may send any text. */
function plainAddress(text: string | null): string | null {
  const address = text?.trim().replace(/^\[(.*)\](?::\d+)?$/, "$1") ?? "";
  const bare = address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  return /^[\da-f.:]{2,45}$/i.test(bare) ? bare : null;
}

/** Takes as long for every wrong text of the right length. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < b.length; index += 1)
    difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
