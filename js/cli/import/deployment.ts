/** Calls of a deployment's `importPage`, by Convex's HTTP API with a key of an administrator: a process for each page would be too slow. */
import { GateError } from "../../errors/index.js";
import type { ImportTarget, PageAnswer } from "../../import/protocol.js";
import type { Credentials } from "./credentials.js";

/** The app's function, on one deployment. */
export interface ImportDeployment {
  /** Its address. */
  readonly url: string;
  /** What is there before the import. */
  target(): Promise<ImportTarget>;
  /** Sends a page: rows as JSON and, unless it is a dry run, its name. */
  page(rows: string, page?: { run: string; number: number }): Promise<PageAnswer>;
}

/** How often a page is sent that gets no answer. One that was written is not written again. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
/** More than Convex gives a mutation with all its retries. */
const PATIENCE_MS = 60_000;

/** An error of the function itself, of which Convex tells an administrator the text. */
export class FunctionError extends Error {}

/** Whether fewer rows might do: any error of the function but one that it means, as Convex's limits come without a code. */
export function isTooMuch(error: unknown): boolean {
  return error instanceof FunctionError;
}

/** Binds the function, as `npx convex run` takes it, to a deployment. */
export function deploymentAt(
  { url, key }: Credentials,
  functionName: string,
  pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
): ImportDeployment {
  const call = async (args: object): Promise<unknown> => {
    const body = JSON.stringify({
      path: functionName,
      format: "convex_encoded_json",
      args: [args],
    });
    for (let attempt = 1; ; attempt += 1) {
      const answer = await request(`${url}/api/function`, key, body);
      if ("json" in answer) return valueIn(answer.json, functionName);
      if (!answer.again || attempt === ATTEMPTS)
        throw new GateError("IMPORT_STOPPED", `${url} ${answer.problem}`);
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  };
  return {
    url,
    target: async () => (await call({ rows: "[]" })) as ImportTarget,
    page: async (rows, page) => (await call({ rows, ...(page && { page }) })) as PageAnswer,
  };
}

type Answer =
  | { readonly json: Record<string, unknown> }
  | { readonly problem: string; readonly again: boolean };

async function request(url: string, key: string, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Convex ${key}` },
      body,
      // Rows go to no other address than the one that was confirmed.
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const json: unknown = await response.json().catch(() => undefined);
    if (typeof json === "object" && json !== null && "status" in json)
      return { json: json as Record<string, unknown> };
    const { status } = response;
    const refused = status === 401 || status === 403;
    return {
      problem: refused ? "does not accept the key" : `answers with status ${String(status)}`,
      again: status >= 500 || status === 429,
    };
  } catch {
    return {
      problem: "does not answer: with --resume the import goes on where it is",
      again: true,
    };
  }
}

function valueIn(answer: Record<string, unknown>, functionName: string): unknown {
  if (answer["status"] === "success") return answer["value"];
  const message = typeof answer["errorMessage"] === "string" ? answer["errorMessage"] : "failed";
  if (/could not find (public |internal )?function/i.test(message))
    throw new GateError("IMPORT_FUNCTION", missing(functionName));
  const data = answer["errorData"];
  const code = typeof data === "object" && data !== null && "code" in data ? data.code : undefined;
  if (code !== undefined && code !== "LIMIT_EXCEEDED")
    throw new GateError("IMPORT_STOPPED", `${functionName} refused a page: ${message}`);
  throw new FunctionError(`${functionName} failed: ${message}`);
}

function missing(functionName: string): string {
  const [file = "auth", name = "importPage"] = functionName.split(":");
  const given = name === "importPage" ? name : `importPage: ${name}`;
  return `the deployment has no function ${functionName}. Add this to convex/${file}.ts and deploy: export const { ${given} } = authComponent.importApi(createAuth);`;
}
