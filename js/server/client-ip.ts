/** The address that a request came from, as Convex or the app's own server knows it. */
import { readEnv } from "../auth-config/env.js";
import { GateError } from "../errors/index.js";
import {
  CLIENT_IP_HEADER,
  plainAddress,
  readClientIp,
  SHORTEST_PROXY_SECRET,
} from "../utils/client-ip-header.js";
import type { AuthInstance, ReadOptions } from "./types.js";

/** The header that Better Auth reads the address from unless the app names another. */
const HEADER = "x-forwarded-for";

/** What an HTTP action's `ctx` offers since convex 1.42. */
interface RequestMeta {
  meta?: { getRequestMetadata?: () => Promise<{ ip: string | null }> };
}

/** A server that is believed when it says whom a request comes from. */
export interface TrustedProxy {
  /**
   * What the server and the deployment share, at least 32 characters. The server signs the visitor's address with it, as
   * `convex-gate/ssr` and the kits do by themselves.
   */
  readonly secret: string | undefined;
}

/** Throws `INVALID_OPTION` for a proxy whose secret is missing or short. */
export function checkTrustedProxy(proxy: TrustedProxy | undefined): void {
  if (proxy === undefined || (proxy.secret ?? "").length >= SHORTEST_PROXY_SECRET) return;
  throw new GateError(
    "INVALID_OPTION",
    `PROXY_SECRET, or trustedProxy.secret, must have ${String(SHORTEST_PROXY_SECRET)} characters or more. Make one with ` +
      "`openssl rand -base64 32`, and set it for your server and with `npx convex env set PROXY_SECRET …`.",
    { meta: { option: "trustedProxy" } },
  );
}

/** The proxy of the routes' options, else that of the deployment's `PROXY_SECRET`, if it has one. */
export function trustedProxyOf(proxy: TrustedProxy | undefined): TrustedProxy | undefined {
  const secret = readEnv("PROXY_SECRET");
  if (proxy !== undefined || secret === undefined) return proxy;
  const own = { secret };
  checkTrustedProxy(own);
  return own;
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
  const ip = (await visitorOf(request, proxy)) ?? (await addressOf(ctx as RequestMeta));
  if (ip === undefined) return request;
  const change = (headers: Headers): void => {
    if (ip === null) headers.delete(HEADER);
    else headers.set(HEADER, ip);
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
async function visitorOf(
  request: Request,
  proxy: TrustedProxy | undefined,
): Promise<string | null> {
  const sent = request.headers.get(CLIENT_IP_HEADER);
  return proxy?.secret && sent !== null ? readClientIp(sent, proxy.secret) : null;
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
