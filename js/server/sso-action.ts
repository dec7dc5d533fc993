/** The half of single sign-on that runs in Node, see `ssoInNode` of `convex-gate/plugins`. */
import type { GenericActionCtx, GenericDataModel, RegisteredAction } from "convex/server";
import { internalActionGeneric } from "convex/server";
import { v } from "convex/values";
import { backgroundOf } from "../adapter/background.js";
import { GateError } from "../errors/index.js";
import { isOwn } from "../plugins/shared/own-plugins.js";
import { markTabRequest } from "../plugins/shared/tab-request.js";
import { packedAnswer, unpackedRequest } from "../plugins/sso/request.js";
import type { SsoAnswer, SsoRequest } from "../plugins/sso/request.js";
import { withRetryAfter } from "./busy.js";
import { failure, faultOf, setupFaultOf } from "./failures.js";
import { answeredInRace } from "./overtaken.js";
import type { AuthInstance, LoadAuth } from "./types.js";

/**
 * The internal action that answers the requests which `ssoInNode` hands over, for a module that says `"use node"`. Imported
 * from `convex-gate`.
 *
 * @param createAuth Makes the instance that has `sso()`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what no call names must suit every data model
export function ssoAction<DataModel extends GenericDataModel = any>(
  createAuth: LoadAuth<DataModel>,
): RegisteredAction<"internal", SsoRequest, Promise<SsoAnswer>> {
  return internalActionGeneric({
    args: {
      url: v.string(),
      method: v.string(),
      headers: v.array(v.array(v.string())),
      body: v.union(v.bytes(), v.null()),
      page: v.union(v.string(), v.null()),
    },
    handler: async (ctx, asked) =>
      packedAnswer(await answerInNode(createAuth, ctx as GenericActionCtx<DataModel>, asked)),
  });
}

/** As the mounted routes answer, but for what they have done before they asked, and do with the answer. */
async function answerInNode<DataModel extends GenericDataModel>(
  createAuth: LoadAuth<DataModel>,
  ctx: GenericActionCtx<DataModel>,
  asked: SsoRequest,
): Promise<Response> {
  let auth: AuthInstance;
  try {
    auth = await createAuth(ctx);
    await prepare(auth);
  } catch (error) {
    return failure(setupFaultOf(error));
  }
  const { handler, $context } = auth;
  const page = asked.page === null ? null : new URL(asked.page);
  const marked: AuthInstance = {
    $context,
    handler: (request) => handler(page ? markTabRequest(request, page) : request),
  };
  try {
    return await withRetryAfter(marked, () => answeredInRace(marked, unpackedRequest(asked)));
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    return failure(fault);
  } finally {
    await backgroundOf((await $context).adapter)?.settled();
  }
}

interface Prepared {
  options: { plugins?: { id: string }[] };
  rateLimit?: object;
}

/** The request was counted where it arrived. Throws `INVALID_OPTION` for an instance that would hand it over once more. */
async function prepare({ $context }: AuthInstance): Promise<void> {
  const context = (await $context) as unknown as Prepared;
  const plugin = context.options.plugins?.find(({ id }) => id === "sso");
  if (!plugin || isOwn(plugin))
    throw new GateError(
      "INVALID_OPTION",
      "ssoAction() needs the instance with sso(): ssoAction((ctx) => createAuth(ctx, sso())), in which createAuth has its " +
        "second parameter in plugins.",
      { meta: { option: "plugins" } },
    );
  context.rateLimit = { ...context.rateLimit, enabled: false };
}
