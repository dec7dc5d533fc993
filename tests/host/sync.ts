/** The sync protocol of one WebSocket: subscriptions, mutations, actions and authentication. */
import type { WebSocket } from "ws";
import type { Deployment, FunctionResult } from "./deployment.js";
import type { VerifiedIdentity } from "./identity.js";

interface StateVersion {
  querySet: number;
  identity: number;
  ts: string;
}

interface Subscription {
  path: string;
  args: unknown;
  /** The last result that was sent, as text, so that an unchanged one is not sent again. */
  sent?: string;
}

type ClientMessage =
  | { type: "Connect" | "Event" }
  | {
      type: "Authenticate";
      tokenType: "User" | "Admin" | "None";
      value?: string;
      baseVersion: number;
    }
  | { type: "ModifyQuerySet"; newVersion: number; modifications: QueryChange[] }
  | { type: "Mutation" | "Action"; requestId: number; udfPath: string; args: unknown[] };

type QueryChange =
  | { type: "Add"; queryId: number; udfPath: string; args: unknown[] }
  | { type: "Remove"; queryId: number };

const PING_EVERY_MS = 15_000;

/** Serves one client until its socket closes. Messages are handled one at a time, as Convex's worker does. */
export function serveSync(
  socket: WebSocket,
  deployment: Deployment,
  runAs: (adminKey: string | undefined) => Deployment["run"] | undefined = () => undefined,
): void {
  const queries = new Map<number, Subscription>();
  let version: StateVersion = { querySet: 0, identity: 0, ts: encodeTs(0n) };
  let clock = 0n;
  let identity: VerifiedIdentity | null = null;
  let run: Deployment["run"] = (...call) => deployment.run(...call);
  let work: Promise<void> = Promise.resolve();
  let refreshQueued = false;

  const send = (message: object): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const enqueue = (task: () => Promise<void>): void => {
    work = work.then(task).catch((error: unknown) => {
      send({ type: "FatalError", error: error instanceof Error ? error.message : String(error) });
      socket.close();
    });
  };

  const stop = deployment.onCommit(() => {
    if (refreshQueued) return;
    refreshQueued = true;
    enqueue(async () => {
      refreshQueued = false;
      // A client without queries has nothing to learn, and one that has not said Connect yet must hear nothing.
      if (queries.size === 0 || (await expired())) return;
      await transition({}, [], { onlyIfChanged: true });
    });
  });
  const ping = setInterval(() => send({ type: "Ping" }), PING_EVERY_MS);
  socket.on("close", () => {
    stop();
    clearInterval(ping);
  });
  socket.on("message", (data: Buffer) => {
    enqueue(() => handle(JSON.parse(data.toString("utf8")) as ClientMessage));
  });

  async function handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case "Authenticate":
        return authenticate(message);
      case "ModifyQuerySet": {
        if (await expired()) return;
        const removed: number[] = [];
        for (const change of message.modifications) {
          if (change.type === "Remove") {
            queries.delete(change.queryId);
            removed.push(change.queryId);
          } else queries.set(change.queryId, { path: change.udfPath, args: change.args[0] ?? {} });
        }
        return transition({ querySet: message.newVersion }, removed);
      }
      case "Mutation":
      case "Action": {
        if (await expired()) return;
        return call(message);
      }
      default:
        return;
    }
  }

  async function authenticate(
    message: Extract<ClientMessage, { type: "Authenticate" }>,
  ): Promise<void> {
    if (message.tokenType === "None") identity = null;
    else if (message.tokenType === "Admin") {
      const asAdmin = runAs(message.value);
      if (!asAdmin) return refuse("The admin key is not this deployment's", true);
      run = asAdmin;
    } else {
      try {
        identity = await deployment.verify(message.value ?? "");
      } catch (error) {
        return refuse(error instanceof Error ? error.message : String(error), true);
      }
    }
    await transition({ identity: message.baseVersion + 1 });
  }

  function refuse(error: string, authUpdateAttempted: boolean): void {
    send({ type: "AuthError", error, baseVersion: version.identity, authUpdateAttempted });
    socket.close();
  }

  /** An identity ends at exactly `exp`, noticed at the next thing that needs it. */
  function expired(): Promise<boolean> {
    const isOver = identity !== null && identity.expiresAt <= Date.now();
    if (isOver) refuse("TokenExpired: the token has expired", false);
    return Promise.resolve(isOver);
  }

  async function call(
    message: Extract<ClientMessage, { type: "Mutation" | "Action" }>,
  ): Promise<void> {
    const isMutation = message.type === "Mutation";
    const running = run(
      isMutation ? "mutation" : "action",
      message.udfPath,
      message.args[0] ?? {},
      identity,
    );
    const answer = async (): Promise<void> => {
      const result = await running;
      clock += 1n;
      send({
        type: `${message.type}Response`,
        requestId: message.requestId,
        success: result.ok,
        ...(isMutation && result.ok ? { ts: encodeTs(clock) } : {}),
        ...body(result, "result"),
        logLines: [],
      });
      if (isMutation) await transition({});
    };
    // An action may take long and call back into this client's subscriptions: it does not hold up other messages.
    if (isMutation) await answer();
    else void answer();
  }

  /** Runs every query and sends what changed, with the new version. */
  async function transition(
    to: Partial<StateVersion>,
    removed: number[] = [],
    { onlyIfChanged = false } = {},
  ): Promise<void> {
    const modifications: object[] = removed.map((queryId) => ({ type: "QueryRemoved", queryId }));
    for (const [queryId, query] of queries) {
      const result = await run("query", query.path, query.args, identity);
      const text = JSON.stringify(result);
      if (text === query.sent || !queries.has(queryId)) continue;
      query.sent = text;
      modifications.push({
        type: result.ok ? "QueryUpdated" : "QueryFailed",
        queryId,
        ...(result.ok ? { value: result.value } : body(result, "errorMessage")),
        logLines: [],
        journal: null,
      });
    }
    if (onlyIfChanged && modifications.length === 0) return;
    clock += 1n;
    const next = { ...version, ...to, ts: encodeTs(clock) };
    send({ type: "Transition", startVersion: version, endVersion: next, modifications });
    version = next;
  }
}

function body(result: FunctionResult, key: "result" | "errorMessage"): object {
  if (result.ok) return { [key]: result.value };
  return {
    [key]: result.message,
    ...(result.data === undefined ? {} : { errorData: result.data }),
  };
}

/** Timestamps are little-endian 64-bit numbers in base64. */
function encodeTs(ts: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}
