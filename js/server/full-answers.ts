/** What Better Auth answers, with all that belongs around it on Convex. */
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { backgroundOf } from "../adapter/background.js";
import { basePathOption, normalizeBasePath } from "../auth-config/base-path.js";
import { GateError } from "../errors/index.js";
import { withRetryAfter } from "./busy.js";
import { trustedProxyOf, withClientIp } from "./client-ip.js";
import type { TrustedProxy } from "./client-ip.js";
import { knownOrigin, preflightHeaders, trustedOrigin, withCors } from "./cors.js";
import type { Cors } from "./cors.js";
import { failure, faultOf, setupFaultOf } from "./failures.js";
import type { Notes } from "./fast-lane/notes.js";
import { withoutLoneFetchMode } from "./fetch-metadata.js";
import { answerOf } from "./head.js";
import type { AuthInstance, LoadAuth, ReadOptions } from "./types.js";

/** The mounted routes, and what a request leaves behind for others. */
export interface FullRoutes {
  readonly basePath: string;
  readonly cors: Cors | undefined;
  readonly trustedProxy: TrustedProxy | undefined;
  readonly notes: Notes | undefined;
}

/** Asks an instance that is sound, and adds CORS to whatever is answered. */
export async function answerInFull<DataModel extends GenericDataModel>(
  { basePath, cors, trustedProxy, notes }: FullRoutes,
  createAuth: LoadAuth<DataModel>,
  ctx: GenericActionCtx<DataModel>,
  request: Request,
): Promise<Response> {
  let auth: AuthInstance | undefined;
  let proxy: TrustedProxy | undefined;
  let origin: string | null = null;
  try {
    auth = await (notes ? notes.load(createAuth, ctx) : createAuth(ctx));
    await checkPlace(auth, basePath);
    proxy = trustedProxyOf(trustedProxy);
    await notes?.leave(auth);
    if (cors) origin = await trustedOrigin(auth, request, cors);
  } catch (error) {
    const response = failure(setupFaultOf(error));
    return cors ? withCors(response, cors, await knownOrigin(auth, request, cors)) : response;
  }
  const instance = auth;
  const background = backgroundOf((await instance.$context).adapter);
  if (background) background.isAwaited = true;
  let response: Response;
  try {
    response = await withRetryAfter(instance, async () =>
      answerOf(instance, await withClientIp(instance, ctx, withoutLoneFetchMode(request), proxy)),
    );
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    response = failure(fault);
    if (cors) origin ??= await knownOrigin(instance, request, cors);
  } finally {
    await background?.settled();
  }
  return cors ? withCors(response, cors, origin) : response;
}

/** Answers a preflight by the origins that the app trusts. */
export async function preflightInFull<DataModel extends GenericDataModel>(
  { cors }: FullRoutes,
  createAuth: LoadAuth<DataModel>,
  ctx: GenericActionCtx<DataModel>,
  request: Request,
): Promise<Response> {
  // Without CORS nobody asks.
  if (!cors) return new Response(null, { status: 404 });
  let auth: AuthInstance | undefined;
  try {
    auth = await createAuth(ctx);
    const headers = preflightHeaders(cors, await trustedOrigin(auth, request, cors));
    return new Response(null, { status: 204, headers });
  } catch (error) {
    const fault = setupFaultOf(error);
    const origin = await knownOrigin(auth, request, cors);
    if (origin === null) return withCors(failure(fault), cors, null);
    // The request that follows is told what is wrong; the browser must not remember who was let through until then.
    const headers = preflightHeaders(cors, origin);
    headers.delete("Access-Control-Max-Age");
    return new Response(null, { status: 204, headers });
  }
}

/** Better Auth answers 404 to everything when it believes to live elsewhere; say so instead. */
async function checkPlace(auth: AuthInstance, mounted: string): Promise<void> {
  const { baseURL, options } = await auth.$context;
  const given: ReadOptions = options;
  // It routes by the path of its base URL (1.7), which has the `basePath` only where the app gave it no path of its own.
  const expected = normalizeBasePath(baseURL ? new URL(baseURL).pathname : given.basePath);
  if (expected === mounted) return;
  const basePath = basePathOption(expected);
  throw new GateError(
    "INVALID_OPTION",
    `Better Auth lives under "${basePath}", but its routes are mounted under "${basePathOption(mounted)}": pass ` +
      `{ basePath: "${basePath}" } to registerRoutes and to getAuthConfigProvider, or give the base URL another path.`,
    { meta: { option: "basePath" } },
  );
}
