/** HTTP actions: the routes of `http.js`, and what is answered in their place. */
import type { UserIdentity } from "convex/server";
import { convexToJson } from "convex/values";
import type { Value } from "convex/values";
import { actionsFetch } from "./actions-fetch.js";
import { readAuthorization } from "./authorization.js";
import { callAs } from "./caller.js";
import type { VerifiedIdentity } from "./identity.js";
import type { Permits } from "./permits.js";
import { Refusal } from "./refusal.js";
import type { RequestOrigin } from "./request-origin.js";
import type { ExportedFunction, RuntimeOptions } from "./runtime.js";
import { openInvocation } from "./runtime.js";
import type { Storage } from "./storage.js";
import { delegatedSyscalls, endable, ofThisRealm } from "./syscalls.js";
import type { TestCtx } from "./syscalls.js";

/** What runs them. */
export interface HttpActionsOptions {
  runtime: RuntimeOptions;
  storage: Storage;
  verify: (token: string) => Promise<VerifiedIdentity>;
  /** The places for actions, which HTTP actions take too. */
  places: Permits;
  redacted: boolean;
}

const METHODS = ["GET", "HEAD", "POST", "DELETE", "PATCH", "PUT", "OPTIONS"];

/** Answers a request as the site does. A foreign `Authorization` header refuses nothing by itself. */
export function createHttpActions({
  runtime,
  storage,
  verify,
  places,
  redacted,
}: HttpActionsOptions): (request: Request, origin: RequestOrigin) => Promise<Response> {
  return async (request, origin) => {
    const { pathname } = new URL(request.url);
    if (!METHODS.includes(request.method))
      return new Response(null, { status: 405, headers: { allow: METHODS.join(",") } });
    if (!storage.app.modules.has("http.js"))
      return new Response("This Convex deployment does not have HTTP actions enabled.", {
        status: 404,
      });
    try {
      storage.overloads.check("http");
      return await places.with(() => run(request, pathname, origin));
    } catch (error) {
      // Before it runs anything the backend answers by itself.
      const { message } = error as Error;
      const { code, status } =
        error instanceof Refusal ? error : { code: "TooManyConcurrentRequests", status: 429 };
      return Response.json({ code, message }, { status });
    }
  };

  async function run(request: Request, path: string, origin: RequestOrigin): Promise<Response> {
    const { identity, token } = await callerOf(request);
    const outcome: { response?: Response; error?: unknown } = {};
    const handler = async (ctx: TestCtx): Promise<null> => {
      try {
        outcome.response = await route(request, path, ctx);
      } catch (error) {
        outcome.error = ofThisRealm(error);
      }
      return null;
    };
    const attributes = identity instanceof Error ? identity : (identity?.attributes ?? null);
    const metadata = { ...origin, scheduledFunctionId: null, authToken: token };
    const as =
      identity === null || identity instanceof Error
        ? storage.t
        : storage.t.withIdentity(identity.attributes as Partial<UserIdentity>);
    const action = as.action as unknown as (handler: unknown) => Promise<unknown>;
    await callAs({ identity: attributes, metadata }, () => action(handler));
    if (outcome.response) return outcome.response;
    runtime.log(`[http ${request.method} ${path}] Uncaught ${String(outcome.error)}`);
    return failed(outcome.error, origin);
  }

  async function route(request: Request, path: string, ctx: TestCtx): Promise<Response> {
    const method = request.method === "HEAD" ? "GET" : request.method;
    let over = false;
    const { syscalls, end } = endable(delegatedSyscalls(ctx, storage.gate));
    const fetched = actionsFetch(runtime.fetch ?? fetch, () => over);
    const invocation = await openInvocation(
      { ...runtime, fetch: fetched },
      storage.app,
      { module: "http", name: `${method} ${path}`, kind: "httpAction" },
      syscalls,
    );
    try {
      const router = invocation.namespace["default"] as {
        lookup(path: string, method: string): [ExportedFunction, string, string] | null;
      };
      const found = router.lookup(path, method);
      if (!found) return new Response("No matching routes found", { status: 404 });
      const [handler] = found;
      const response = await invocation.run(() =>
        handler.invokeHttpAction(invocation.adopt(request)),
      );
      // The body is read while the context's timers still run.
      const body = response.body === null ? null : await response.arrayBuffer();
      return new Response(request.method === "HEAD" ? null : body, response);
    } finally {
      over = true;
      end();
      invocation.dispose();
    }
  }

  async function callerOf(
    request: Request,
  ): Promise<{ identity: VerifiedIdentity | null | Error; token: string | null }> {
    try {
      const authorization = readAuthorization(request.headers.get("authorization"));
      if (authorization === null || "adminKey" in authorization)
        return { identity: null, token: null };
      return { identity: await verify(authorization.token), token: authorization.token };
    } catch (error) {
      return { identity: error as Error, token: null };
    }
  }

  function failed(error: unknown, { requestId }: RequestOrigin): Response {
    const message = error instanceof Error ? error.message : String(error);
    const data = (error as { data?: unknown } | null)?.data;
    const name = data === undefined ? "Error" : "ConvexError";
    const code = `[Request ID: ${requestId}] Server Error`;
    const body = {
      code: redacted ? code : `${code}: Uncaught ${name}: ${message}`,
      ...(redacted ? {} : { trace: `Uncaught ${name}: ${message}` }),
      ...(data === undefined ? {} : { data: convexToJson(data as Value) }),
    };
    return Response.json(body, { status: 500 });
  }
}
