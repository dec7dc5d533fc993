/** The HTTP API of a deployment's `.cloud` origin, for `ConvexHttpClient` and everything built on it. */
import type { Deployment, FunctionResult } from "./deployment.js";
import type { VerifiedIdentity } from "./identity.js";

const CORS = {
  "access-control-allow-origin": "*",
  // A wildcard would not cover Authorization.
  "access-control-allow-headers": "authorization, content-type, convex-client",
  "access-control-allow-methods": "*",
  "access-control-max-age": "86400",
};
/** Convex's status for an error that the function itself threw. */
const FUNCTION_ERROR = 560;

/** Answers a request, or gives undefined when the path is none of the API's. */
export async function answerApi(
  deployment: Deployment,
  request: Request,
  path: string,
): Promise<Response | undefined> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: CORS });
  if (path === "/version") return text("local-host");
  if (path === "/instance_name") return text("local-host");
  if (path === "/api/query_ts") return json({ ts: timestamp() });
  const kind = /^\/api\/(query|mutation|action|function|query_at_ts)$/.exec(path)?.[1];
  if (kind === undefined) return undefined;
  let identity: VerifiedIdentity | null = null;
  const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token !== undefined) {
    try {
      identity = await deployment.verify(token);
    } catch (error) {
      return json(
        { code: "InvalidAuthHeader", message: error instanceof Error ? error.message : "" },
        401,
      );
    }
  }
  const body = (await readCall(request)) as { path?: unknown; args?: unknown };
  if (typeof body.path !== "string")
    return json({ code: "BadJsonBody", message: "path is missing" }, 400);
  const args = Array.isArray(body.args) ? (body.args[0] ?? {}) : (body.args ?? {});
  const wanted = kind === "function" ? "any" : kind === "query_at_ts" ? "query" : kind;
  return outcome(await deployment.run(wanted as "query", body.path, args, identity));
}

async function readCall(request: Request): Promise<unknown> {
  if (request.method !== "GET") return request.json().catch(() => ({}));
  const { searchParams } = new URL(request.url);
  try {
    return {
      path: searchParams.get("path"),
      args: JSON.parse(searchParams.get("args") ?? "{}") as unknown,
    };
  } catch {
    return {};
  }
}

function outcome(result: FunctionResult): Response {
  if (result.ok) return json({ status: "success", value: result.value, logLines: [] });
  return json(
    {
      status: "error",
      errorMessage: result.message,
      ...(result.data === undefined ? {} : { errorData: result.data }),
      logLines: [],
    },
    FUNCTION_ERROR,
  );
}

function timestamp(): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n);
  return bytes.toString("base64");
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: CORS });
}

function text(body: string): Response {
  return new Response(body, { headers: CORS });
}
