/** `@better-auth/sso` for apps on Convex, whose own runtime cannot run it: its requests are answered in Node. */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import type { FunctionReference, GenericDataModel } from "convex/server";
import { requireActionCtx } from "../../utils/context.js";
import type { GenericCtx } from "../../utils/context.js";
import { pathOf } from "../cross-domain/addresses.js";
import { asOwn } from "../shared/own-plugins.js";
import { tabPageOf } from "../shared/tab-request.js";
import { ssoEndpoints } from "./endpoints.js";
import { packedRequest, unpackedAnswer } from "./request.js";
import type { SsoAnswer, SsoRequest } from "./request.js";
import { ssoSchema } from "./schema.js";
import type { SsoTableOptions } from "./schema.js";

/** The options of `sso()` that matter outside of Node. All of them may be given. */
export interface SsoInNodeOptions extends SsoTableOptions {
  readonly organizationProvisioning?: { readonly disabled?: boolean | undefined } | undefined;
  readonly saml?: { readonly enableSingleLogout?: boolean | undefined } | undefined;
}

/** The app's internal action that `ssoAction` makes. */
export type SsoActionReference = FunctionReference<"action", "internal", SsoRequest, SsoAnswer>;

/** What `ssoInNode()` returns, and in Node `sso()`: the type of the parameter by which `createAuth` is given either. */
export type SsoPlugin = { id: "sso" } & Pick<BetterAuthPlugin, "schema" | "onRequest">;

/**
 * Stands for `sso()` of `@better-auth/sso` wherever that cannot run, which is everywhere but in Node: has its table, and has
 * an action of the app's answer its requests. What comes before it and after it stays where it is: rate limits, CORS,
 * `crossDomain()`. Before all other plugins that look at requests. Imported from `convex-gate/plugins`.
 *
 * @param action What `ssoAction` of `convex-gate` made.
 * @param options Those that `sso()` has in Node.
 */
export function ssoInNode<DataModel extends GenericDataModel>(
  ctx: GenericCtx<DataModel>,
  action: SsoActionReference,
  options: SsoInNodeOptions = {},
): SsoPlugin {
  const plugin = {
    id: "sso" as const,
    schema: ssoSchema(options),
    endpoints: ssoEndpoints(options.domainVerification?.enabled === true),
    options,
    async onRequest(request: Request, context: AuthContext) {
      const path = pathOf(request.url, context);
      if (path === null || !isForNode(path, context, options)) return undefined;
      const asked = await packedRequest(translated(request, context), tabPageOf(request));
      const answer = await requireActionCtx(ctx).runAction(action, asked);
      return { response: unpackedAnswer(answer) };
    },
  };
  return asOwn(plugin);
}

/**
 * The plugin's own paths, and those at which it has hooks (1.7) that do something with these options: after a social sign-in
 * it looks for the organization of a verified domain, and at the end of a session it forgets that of SAML.
 */
function isForNode(path: string, context: AuthContext, options: SsoInNodeOptions): boolean {
  const { domainVerification, organizationProvisioning, saml } = options;
  if (path.startsWith("/sso/") || isAt(path, "/sign-in/sso")) return true;
  if (path.startsWith("/callback/"))
    return (
      domainVerification?.enabled === true &&
      organizationProvisioning?.disabled !== true &&
      context.hasPlugin("organization")
    );
  return saml?.enableSingleLogout === true && isAt(path, "/sign-out");
}

function isAt(path: string, endpoint: string): boolean {
  return path === endpoint || path === `${endpoint}/`;
}

/** In Node there is a `crossDomain()` as well, and this has passed one: it is no navigation any more. */
function translated(request: Request, context: AuthContext): Request {
  if (!context.hasPlugin("cross-domain")) return request;
  const headers = new Headers(request.headers);
  headers.delete("sec-fetch-mode");
  headers.set("accept", "*/*");
  return new Request(request, { headers });
}
