/** Requests that end: a deployment that does not answer is a finding and not a wait. */

const TIMEOUT_MS = 10_000;

/** The JSON object that was answered, or why there is none. */
export type Answer = { readonly json: Record<string, unknown> } | Unanswered;

/** A request that was not answered as it should. */
export interface Unanswered {
  readonly problem: string;
  /** What the routes said of a set-up in which they refuse every request. */
  readonly refusal?: string | undefined;
  /** Whether nobody listens there. */
  readonly isUnreached?: boolean;
}

/** Sends a request; a network failure is an answer too. */
export async function ask(
  url: string,
  init: RequestInit = {},
): Promise<{ readonly response: Response } | Unanswered> {
  try {
    return { response: await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const problem = `${url} ${isLate ? "does not answer" : "cannot be reached"}`;
    return { problem, isUnreached: !isLate };
  }
}

/** Asks for a JSON object. */
export async function askJson(url: string): Promise<Answer> {
  const answer = await ask(url);
  if ("problem" in answer) return answer;
  const { response } = answer;
  const type = response.headers.get("content-type") ?? "";
  const isJson = /^application\/(jwk-set\+)?json/.test(type);
  const json: unknown = isJson ? await response.json().catch(() => undefined) : undefined;
  const isObject = typeof json === "object" && json !== null;
  if (!response.ok) {
    // The routes explain themselves where they can, for instance a wrong base path.
    const said = isObject && "message" in json ? String(json.message) : undefined;
    const refusal = response.status === 500 ? said : undefined;
    return { problem: `${url} answers ${response.status}${said ? `: ${said}` : ""}`, refusal };
  }
  if (!isJson) return { problem: `${url} answers with content type "${type}"` };
  if (!isObject) return { problem: `${url} answers with no object` };
  return { json: json as Record<string, unknown> };
}

/** What an answer says of itself; undefined when it is no JSON object with a message. */
export async function messageOf(response: Response): Promise<string | undefined> {
  const json: unknown = await response.json().catch(() => undefined);
  const says = typeof json === "object" && json !== null && "message" in json;
  return says ? String(json.message) : undefined;
}
