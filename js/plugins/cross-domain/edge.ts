/**
 * Where requests come in and answers go out, around everything that Better Auth and the app's plugins do: in between, a
 * tab's request looks like that of a browser on one origin.
 */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { pageOf, pathOf } from "./addresses.js";
import type { Sites } from "./addresses.js";
import { answerReplay, answerTab } from "./answers.js";
import { bringHome } from "./navigation.js";
import { isResume, replayed } from "./replay.js";
import { showPage } from "./shown-page.js";
import { fromTab, isFromTab } from "./tab.js";

/** Better Auth's hook for what comes in. */
export type OnRequest = NonNullable<BetterAuthPlugin["onRequest"]>;
/** Better Auth's hook for what goes out. */
export type OnResponse = NonNullable<BetterAuthPlugin["onResponse"]>;

/** What comes of a request at the edge: another one, an answer, or nothing but itself. */
type Entry = Awaited<ReturnType<OnRequest>>;

interface Passage {
  readonly raw: Request;
  readonly entry: Entry;
  /** What becomes of the answer, where it is a tab's or of a navigation. */
  readonly translate?: (response: Response, context: AuthContext) => Promise<Response>;
}

/** Both sides of the edge, as Better Auth calls them. */
export interface Edge {
  readonly onRequest: OnRequest;
  readonly onResponse: OnResponse;
}

/** The edge of one `crossDomain()`. */
export function createEdge(sites: Sites): Edge {
  // Better Auth (1.7) makes a context for each request and gives it to both hooks.
  const passages = new WeakMap<AuthContext, Promise<Passage>>();

  return {
    async onRequest(request, context) {
      const passage = passages.get(context) ?? enter(request, context, sites);
      passages.set(context, passage);
      const { raw, entry } = await passage;
      // A plugin inside of the edge may go on with yet another request, which is to stay.
      return request === raw ? entry : undefined;
    },
    async onResponse(response, context) {
      const passage = await passages.get(context);
      const translated = await passage?.translate?.(response, context);
      return translated && { response: translated };
    },
  };
}

async function enter(request: Request, context: AuthContext, sites: Sites): Promise<Passage> {
  const path = pathOf(request.url, context);
  if (isFromTab(request))
    return isResume(request, path)
      ? {
          raw: request,
          entry: await replayed(request, context, sites),
          translate: (response) =>
            answerReplay(response, context, pageOf(request.headers.get("origin"), context, sites)),
        }
      : {
          raw: request,
          entry: { request: await fromTab(request, context, sites) },
          translate: answerTab,
        };
  // Documents at the root of the host, by which other programs find this server.
  if (path === null) return { raw: request, entry: undefined };
  const page = await showPage(request, path, context);
  const arrival = page ? { response: page } : await bringHome(request, path, context, sites);
  if (!arrival) return { raw: request, entry: undefined };
  if ("response" in arrival) return { raw: request, entry: arrival };
  // A plugin may answer at a path of which it declares no endpoint.
  const translate = async (response: Response): Promise<Response> =>
    response.status === 404 ? arrival.insteadOf404 : response;
  return { raw: request, entry: undefined, translate };
}
