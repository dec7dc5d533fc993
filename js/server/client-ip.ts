/** The address that a request came from, as Convex knows it. */
import type { AuthInstance } from "./types.js";

/** The header that Better Auth reads the address from unless the app names another. */
const HEADER = "x-forwarded-for";

/** What an HTTP action's `ctx` offers since convex 1.42. */
interface RequestMeta {
  meta?: { getRequestMetadata?: () => Promise<{ ip: string | null }> };
}

/**
 * The request with Convex's own word on the caller's address in `x-forwarded-for`, for rate limits and for
 * `session.ipAddress`. What arrives in that header can be written by anybody, or is a list, which Better Auth (1.7) does
 * not trust: all callers would then share one rate limit. An app that says in `advanced.ipAddress` where addresses come
 * from, as behind a proxy of its own, is left alone.
 */
export async function withClientIp(
  auth: AuthInstance,
  ctx: unknown,
  request: Request,
): Promise<Request> {
  const { ipAddress } = (await auth.$context).options.advanced ?? {};
  if (ipAddress?.disableIpTracking || ipAddress?.ipAddressHeaders || ipAddress?.trustedProxies)
    return request;
  const ip = await addressOf(ctx as RequestMeta);
  if (ip === null || request.headers.get(HEADER) === ip) return request;
  try {
    request.headers.set(HEADER, ip);
    return request;
  } catch {
    // Runtimes may make the headers of what has arrived immutable.
    const headers = new Headers(request.headers);
    headers.set(HEADER, ip);
    return new Request(request, { headers });
  }
}

async function addressOf({ meta }: RequestMeta): Promise<string | null> {
  try {
    return (await meta?.getRequestMetadata?.())?.ip ?? null;
  } catch {
    // A backend that is older than the package: Better Auth goes by the header.
    return null;
  }
}
