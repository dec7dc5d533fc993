/** What a backend is asked to do by whoever has its key: variables, a push, what functions log. */
import type { PushRequest } from "./push-request.js";

/** A deployment and its key. */
export interface Admin {
  url: string;
  key: string;
}

/** By name; undefined removes one. */
export type Variables = Record<string, string | undefined>;

/** Changes variables in one request, so that `auth.config` never sees half of them. */
export async function setVariables(admin: Admin, variables: Variables): Promise<void> {
  const changes = Object.entries(variables).map(([name, value]) => ({
    name,
    value: value ?? null,
  }));
  await ask(admin, "/api/update_environment_variables", { changes });
}

/** Pushes what the CLI wrote: the three requests that the CLI itself would make. */
export async function pushTo(admin: Admin, request: PushRequest): Promise<void> {
  const common = { adminKey: admin.key, dryRun: false };
  const startPush = (await ask(admin, "/api/deploy2/start_push", { ...request, ...common })) as {
    schemaChange: unknown;
  };
  const { schemaChange } = startPush;
  for (;;) {
    const wait = { ...common, schemaChange, timeoutMs: 10_000 };
    const status = (await ask(admin, "/api/deploy2/wait_for_schema", wait)) as { type: string };
    if (status.type === "complete") break;
    if (status.type !== "inProgress")
      throw new Error(`the schema is not accepted: ${JSON.stringify(status)}`);
  }
  await ask(admin, "/api/deploy2/finish_push", { ...common, startPush });
}

/** Hands over what functions log until it is told to stop. Calls within a query or a mutation are not in the stream. */
export async function followLogs(
  { url, key }: Admin,
  log: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  let cursor = 0;
  while (!stop.aborted) {
    const answer = await fetch(`${url}/api/stream_function_logs?cursor=${String(cursor)}`, {
      headers: { authorization: `Convex ${key}`, "convex-client": "npm-1.48.0" },
      signal: stop,
    }).catch(() => undefined);
    if (answer?.ok !== true) return;
    const { entries, newCursor } = (await answer.json()) as Stream;
    cursor = newCursor;
    for (const { identifier = "", logLines = [] } of entries)
      for (const line of logLines) log(`[${identifier}] ${textOf(line)}`);
  }
}

interface Stream {
  entries: { identifier?: string; logLines?: (string | { messages?: string[] })[] }[];
  newCursor: number;
}

function textOf(line: string | { messages?: string[] }): string {
  return typeof line === "string" ? line : (line.messages ?? []).join(" ");
}

async function ask({ url, key }: Admin, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Convex ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  // The key stays out of it: an answer may repeat what it was sent.
  if (!response.ok)
    throw new Error(`${path} answered ${String(response.status)}: ${text.replaceAll(key, "…")}`);
  return text === "" ? null : (JSON.parse(text) as unknown);
}
