/** Answers for what goes wrong before Better Auth could answer itself: mistakes in how the app is set up. */
import { siteOrigin } from "../auth-config/env.js";
import { isGateError } from "../errors/index.js";
import type { GateErrorCode } from "../errors/index.js";
import { SET_SECRET } from "../utils/secrets.js";

/** A refusal with a stable code, as it is answered. */
interface Fault {
  readonly code: GateErrorCode;
  readonly message: string;
}

/** The fault of an error that says what is wrong with the set-up; undefined for any other, as a bug of the app. */
export function faultOf(error: unknown): Fault | undefined {
  if (isGateError(error)) return { code: error.code, message: error.message };
  if (!(error instanceof Error) || error.name !== "BetterAuthError") return undefined;
  // Better Auth's own refusal of its default secret, which comes first where NODE_ENV is "production".
  if (/default secret|BETTER_AUTH_SECRET is missing/.test(error.message))
    return {
      code: "ENV_MISSING",
      message: `Better Auth has no secret of its own. Run \`${SET_SECRET}\`.`,
    };
  return { code: "INVALID_OPTION", message: withRemedy(error.message) };
}

/** The same for what `createAuth` threw, which may be anything: then the answer only points to the log. */
export function setupFaultOf(error: unknown): Fault {
  const fault = faultOf(error);
  if (fault !== undefined) return fault;
  console.error(error);
  const message = "The set-up of Better Auth failed. `npx convex logs` shows the error.";
  return { code: "SETUP_FAILED", message };
}

/** 500 with code and message, which never hold a secret, and the same in the log. */
export function failure({ code, message }: Fault): Response {
  console.error(`[convex-gate] ${code}: ${message}`);
  return Response.json(
    { code, message },
    { status: 500, headers: { "Cache-Control": "no-store" } },
  );
}

/** Better Auth advises to allow whatever host a request named, which is not always the app's own. */
function withRemedy(message: string): string {
  const host = /^Host "([^"]*)" is not in the allowed hosts list/.exec(message)?.[1];
  if (host === undefined) return message;
  const site = siteOrigin() ?? "https://your-app.convex.site";
  return (
    `The base URL's allowedHosts do not hold "${host}". If that is a host of yours, add it; the deployment's own is ` +
    `"${site.replace(/^https?:\/\//, "")}". Or give other hosts one address: baseURL: { allowedHosts, fallback: "${site}" }.`
  );
}
