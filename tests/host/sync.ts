/** The sync protocol of one WebSocket: subscriptions, mutations, actions and authentication. */
import { createHash } from "node:crypto";
import type { WebSocket } from "ws";
import type { CallOrigin, Deployment } from "./deployment.js";
import type { VerifiedIdentity } from "./identity.js";
import type { Watched } from "./optimistic.js";
import { Refusal, requestId } from "./refusal.js";
import type { RequestOrigin } from "./request-origin.js";
import type { ClientMessage, Modification, StateVersion } from "./sync-messages.js";
import { body, checkBase, encodeTs, parsed } from "./sync-messages.js";

interface Subscription {
  path: string;
  args: unknown;
  /** The last result that was sent, as text, so that an unchanged one is not sent again. */
  sent?: string;
  /** What it read when it ran last. Absent for one that has to run. */
  watched?: Watched;
}

const PING_EVERY_MS = 15_000;
/** Serves one client until its socket closes. Messages are handled one at a time, as Convex's worker does. */
export function serveSync(
  socket: WebSocket,
  deployment: Deployment,
  client: Omit<RequestOrigin, "requestId">,
  runAs: (adminKey: string | undefined) => Deployment["run"] | undefined = () => undefined,
): void {
  const queries = new Map<number, Subscription>();
  let version: StateVersion = { querySet: 0, identity: 0, ts: encodeTs(0n) };
  let clock = 0n;
  let identity: VerifiedIdentity | null = null;
  let run: Deployment["run"] = (...call) => deployment.run(...call);
  let watch: Deployment["watch"] = (...call) => deployment.watch(...call);
  let session = "";
  let clientClockSkew: number | undefined;
  let work: Promise<void> = Promise.resolve();
  let refreshQueued = false;
  let isEnding = false;

  const send = (message: object): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const enqueue = (task: () => Promise<void>): void => {
    // Nothing runs of what a client sent before it heard that it is refused.
    const unlessEnding = (): Promise<void> | undefined => (isEnding ? undefined : task());
    work = work.then(unlessEnding).catch((error: unknown) => {
      // What is not the client's fault ends the connection without a word, and the client comes back.
      if (error instanceof Refusal && error.status === 400)
        send({ type: "FatalError", error: error.message });
      end();
    });
  };

  function end(): void {
    isEnding = true;
    socket.close();
  }

  const stop = deployment.onCommit(() => {
    if (refreshQueued) return;
    refreshQueued = true;
    enqueue(async () => {
      refreshQueued = false;
      // A client without queries has nothing to learn, and one that has not said Connect yet must hear nothing.
      // One whose queries are all as they were is left alone, whatever has become of its identity.
      const isStale = ({ watched }: Subscription): boolean => watched?.isStale() !== false;
      if (![...queries.values()].some(isStale) || expired()) return;
      await transition({}, [], { onlyIfChanged: true });
    });
  });
  const ping = setInterval(() => send({ type: "Ping" }), PING_EVERY_MS);
  socket.on("close", () => {
    stop();
    clearInterval(ping);
    for (const { watched } of queries.values()) watched?.release();
  });
  socket.on("message", (data: Buffer) => {
    enqueue(async () => handle(parsed(data)));
  });

  async function handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case "Connect":
        session = message.sessionId;
        if (message.clientTs !== undefined) clientClockSkew = message.clientTs - Date.now();
        return;
      case "Authenticate":
        return authenticate(message);
      case "ModifyQuerySet": {
        checkBase(message.baseVersion, version.querySet);
        if (expired()) return;
        const removed: number[] = [];
        for (const change of message.modifications) {
          if (change.type === "Remove") {
            queries.get(change.queryId)?.watched?.release();
            queries.delete(change.queryId);
            removed.push(change.queryId);
          } else queries.set(change.queryId, { path: change.udfPath, args: change.args[0] ?? {} });
        }
        return transition({ querySet: message.newVersion }, removed);
      }
      case "Mutation":
      case "Action": {
        if (expired()) return;
        return call(message);
      }
      default:
        return;
    }
  }

  async function authenticate(
    message: Extract<ClientMessage, { type: "Authenticate" }>,
  ): Promise<void> {
    checkBase(message.baseVersion, version.identity);
    if (message.tokenType === "None") identity = null;
    else if (message.tokenType === "Admin") {
      const asAdmin = runAs(message.value);
      if (!asAdmin) return refuse("The admin key is not this deployment's", true);
      run = asAdmin;
      // What an admin asks of the system is no query of the app's.
      watch = async (path, args, from) => ({
        result: await asAdmin("query", path, args, from),
        watched: { isStale: () => true, release: () => undefined },
      });
    } else {
      try {
        identity = await deployment.verify(message.value ?? "");
      } catch (error) {
        return refuse(error instanceof Error ? error.message : String(error), true);
      }
    }
    // A token that was accepted within the leeway may be over already.
    if (expired()) return;
    for (const query of queries.values()) renew(query);
    await transition({ identity: message.baseVersion + 1 });
  }

  function refuse(error: string, authUpdateAttempted: boolean): void {
    send({ type: "AuthError", error, baseVersion: version.identity, authUpdateAttempted });
    end();
  }

  /** An identity ends at exactly `exp`, noticed at the next thing that needs it. */
  function expired(): boolean {
    const isOver = identity !== null && identity.expiresAt <= Date.now();
    if (isOver) refuse("Convex token identity expired", false);
    return isOver;
  }

  function from(requestId: string): CallOrigin {
    return { identity, origin: { ...client, requestId } };
  }

  async function call(
    message: Extract<ClientMessage, { type: "Mutation" | "Action" }>,
  ): Promise<void> {
    const isMutation = message.type === "Mutation";
    const id = createHash("sha256")
      .update(`${session}|${String(message.requestId)}`)
      .digest("hex")
      .slice(0, 16);
    const kind = isMutation ? "mutation" : "action";
    const running = run(kind, message.udfPath, message.args[0] ?? {}, from(id));
    const answer = async (): Promise<void> => {
      const result = await running;
      clock += 1n;
      send({
        type: `${message.type}Response`,
        requestId: message.requestId,
        success: result.ok,
        ...(isMutation && result.ok ? { ts: encodeTs(clock) } : {}),
        ...body(result, "result", deployment.shown(result, id)),
        logLines: [],
      });
      if (isMutation) await transition({});
    };
    // An action may take long and call back into this client's subscriptions: it does not hold up other messages.
    if (isMutation) await answer();
    else void answer().catch(end);
  }

  function renew(query: Subscription): void {
    query.watched?.release();
    delete query.watched;
  }

  /** Runs every query that may give something else, and sends what changed, with the new version. */
  async function transition(
    to: Partial<StateVersion>,
    removed: number[] = [],
    { onlyIfChanged = false } = {},
  ): Promise<void> {
    const modifications = removed.map((queryId): Modification => ({
      type: "QueryRemoved",
      queryId,
    }));
    for (const [queryId, query] of queries) {
      if (query.watched?.isStale() === false) continue;
      renew(query);
      const id = requestId();
      const { result, watched } = await watch(query.path, query.args, from(id));
      query.watched = watched;
      const text = JSON.stringify(result);
      if (text === query.sent) continue;
      query.sent = text;
      modifications.push({
        type: result.ok ? "QueryUpdated" : "QueryFailed",
        queryId,
        ...(result.ok
          ? { value: result.value }
          : body(result, "errorMessage", deployment.shown(result, id))),
        logLines: [],
        journal: null,
      });
    }
    if (onlyIfChanged && modifications.length === 0) return;
    clock += 1n;
    const next = { ...version, ...to, ts: encodeTs(clock) };
    send({
      type: "Transition",
      startVersion: version,
      endVersion: next,
      modifications: modifications.sort((a, b) => a.queryId - b.queryId),
      ...(clientClockSkew === undefined ? {} : { clientClockSkew }),
      serverTs: Date.now() * 1_000_000,
    });
    version = next;
  }
}
