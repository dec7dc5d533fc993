/** A Convex server in memory behind the `WebSocket` of the real client, so that fake timers rule both. */
import { ConvexReactClient } from "convex/react";
import { getTokenExpiry } from "../../../js/client/index.js";
import { sessionIdOf } from "../../../js/client/token-expiry.js";

/** What the server saw, in order: `auth live`, `auth expired`, `anonymous`, `query live`, `query none`. */
export interface MemoryServer {
  readonly log: string[];
  readonly client: ConvexReactClient;
  /** The socket for a client of another kind. */
  readonly webSocketConstructor: typeof WebSocket;
  /** Ends every connection, as a network does that went away. */
  readonly drop: () => void;
  /** Refuses connections from now on, or takes them again. */
  readonly refuse: (is: boolean) => void;
  /** Lets connections wait from now on, until what it gives is called. */
  readonly hold: () => () => void;
  /** Runs every query again for its connection's identity, as a write does. */
  readonly rerun: () => void;
  /** How many connections there were. */
  readonly connections: () => number;
  /** How far the server's clock is ahead of the device's. */
  aheadMs: number;
  /** Whether tokens are accepted at all. */
  takesTokens: boolean;
  /** Tokens that were seen so far are refused from now on, as after a change of keys. */
  readonly forgetKeys: () => void;
  /** What a query gives to the session of a token that is good, or to nobody; see {@link refusal}. */
  answer: (name: string, sessionId: string | null) => unknown;
}

/** The answer of a query that throws a `ConvexError` with this code. */
export interface Refusal {
  readonly refusal: string;
}

/** The answer of `getAuthUser` to nobody. */
export const refusal: Refusal = { refusal: "UNAUTHENTICATED" };

interface ClientMessage {
  type: string;
  baseVersion: number;
  newVersion: number;
  tokenType?: string;
  value?: string;
  modifications: { type: string; queryId: number; udfPath: string }[];
}

const PING_MS = 15_000;

/** Makes a server and a client of it; `options` are those of `ConvexReactClient`. */
export function memoryServer(
  options: {
    initialAuthTokenReuse?: boolean;
    authRefreshTokenLeewaySeconds?: number;
    expectAuth?: boolean;
  } = {},
): MemoryServer {
  const sockets = new Set<MemorySocket>();
  const log: string[] = [];

  class MemorySocket {
    readyState = 0;
    onopen?: () => void;
    onmessage?: (message: { data: string }) => void;
    onclose?: (event: { code: number; reason: string }) => void;
    onerror?: () => void;
    #version = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };
    #token: string | undefined;
    readonly #queries = new Map<number, string>();
    #ping: ReturnType<typeof setInterval>;

    constructor() {
      sockets.add(this);
      this.#ping = setInterval(() => this.#tell({ type: "Ping" }), PING_MS);
      const held = holding;
      setTimeout(async () => {
        await held;
        if (isRefusing) return this.close();
        connections += 1;
        this.readyState = 1;
        this.onopen?.();
      }, 5);
    }

    rerun(): void {
      this.#transition({}, [...this.#queries.keys()]);
    }

    send(text: string): void {
      const message = JSON.parse(text) as ClientMessage;
      setTimeout(() => this.#take(message), 5);
    }

    close(): void {
      if (!sockets.delete(this)) return;
      clearInterval(this.#ping);
      this.readyState = 3;
      setTimeout(() => this.onclose?.({ code: 1000, reason: "" }), 0);
    }

    #take(message: ClientMessage): void {
      if (!sockets.has(this)) return;
      if (message.type === "Authenticate") this.#authenticate(message);
      if (message.type !== "ModifyQuerySet") return;
      const added = message.modifications.filter(({ type }) => type === "Add");
      for (const { queryId, udfPath } of added) {
        log.push(`query ${this.#session() === null ? "none" : "live"}`);
        this.#queries.set(queryId, udfPath);
      }
      for (const { type, queryId } of message.modifications)
        if (type === "Remove") this.#queries.delete(queryId);
      this.#transition(
        { querySet: message.newVersion },
        added.map(({ queryId }) => queryId),
      );
    }

    #session(): string | null {
      const expiry = getTokenExpiry(this.#token);
      return expiry !== null && expiry > now() ? (sessionIdOf(this.#token) ?? "") : null;
    }

    #authenticate({ tokenType, value, baseVersion }: ClientMessage): void {
      const expiry = tokenType === "User" ? getTokenExpiry(value) : null;
      const isRefused =
        tokenType === "User" &&
        (expiry === null || expiry <= now() || !server.takesTokens || withdrawn.has(value ?? ""));
      if (value !== undefined) seen.add(value);
      log.push(tokenType !== "User" ? "anonymous" : `auth ${isRefused ? "expired" : "live"}`);
      if (isRefused) {
        const error = "Could not verify token";
        this.#tell({ type: "AuthError", error, baseVersion, authUpdateAttempted: true });
        return this.close();
      }
      this.#token = tokenType === "User" ? value : undefined;
      // Under another identity every query is run again.
      this.#transition({ identity: baseVersion + 1 }, [...this.#queries.keys()]);
    }

    #transition(change: { querySet?: number; identity?: number }, queries: number[] = []): void {
      const startVersion = this.#version;
      this.#version = { ...startVersion, ...change };
      const modifications = queries.map((queryId) => {
        const answer = server.answer(this.#queries.get(queryId) ?? "", this.#session());
        const result = isRefusal(answer)
          ? { type: "QueryFailed", errorMessage: "refused", errorData: { code: answer.refusal } }
          : { type: "QueryUpdated", value: answer };
        return { ...result, queryId, logLines: [], journal: null };
      });
      const endVersion = this.#version;
      this.#tell({
        type: "Transition",
        startVersion,
        endVersion,
        modifications,
        clientClockSkew: -server.aheadMs,
      });
    }

    #tell(message: unknown): void {
      if (sockets.has(this)) this.onmessage?.({ data: JSON.stringify(message) });
    }
  }

  const now = (): number => Date.now() + server.aheadMs;
  const [seen, withdrawn] = [new Set<string>(), new Set<string>()];
  let isRefusing = false;
  let holding: Promise<void> | undefined;
  let connections = 0;
  // It has what the client uses of a socket, and nothing of the DOM's events.
  const webSocketConstructor = MemorySocket as unknown as typeof WebSocket;
  const server: MemoryServer = {
    log,
    aheadMs: 0,
    takesTokens: true,
    forgetKeys: () => seen.forEach((token) => withdrawn.add(token)),
    connections: () => connections,
    webSocketConstructor,
    answer: () => "secret",
    refuse: (is) => (isRefusing = is),
    hold: () => {
      let release = (): void => undefined;
      holding = new Promise((resolve) => (release = resolve));
      return () => {
        holding = undefined;
        release();
      };
    },
    rerun: () => {
      for (const socket of sockets) socket.rerun();
    },
    client: new ConvexReactClient("https://example.convex.cloud", {
      ...options,
      logger: false,
      unsavedChangesWarning: false,
      webSocketConstructor,
    }),
    drop: () => {
      for (const socket of [...sockets]) socket.close();
    },
  };
  return server;
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "refusal" in answer;
}
