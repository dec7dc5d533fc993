/** A bare WebSocket that speaks the sync protocol, for what the real client would never send or hides. */
import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";

/** A message of the server. */
export type ServerMessage = Record<string, unknown> & { type: string };

/** One connection. */
export interface RawSync {
  send(message: object): void;
  sendText(text: string): void;
  /** The next message that is no Ping. */
  next(): Promise<ServerMessage>;
  /** Resolves when the server has closed the connection. */
  closed: Promise<void>;
  close(): void;
}

/** Connects to a host's sync endpoint. */
export async function connectRaw(
  url: string,
  path = "/api/1.48.0/sync",
  sessionId: string = randomUUID(),
): Promise<RawSync> {
  const socket = new WebSocket(url.replace(/^http/, "ws") + path);
  const inbox: ServerMessage[] = [];
  const waiting: ((message: ServerMessage) => void)[] = [];
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString("utf8")) as ServerMessage;
    if (message.type === "Ping") return;
    const waiter = waiting.shift();
    if (waiter) waiter(message);
    else inbox.push(message);
  });
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.on("open", () => resolve());
    socket.on("error", reject);
  });
  socket.send(
    JSON.stringify({
      type: "Connect",
      sessionId,
      connectionCount: 0,
      lastCloseReason: null,
      clientTs: Date.now(),
    }),
  );
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    next: () => {
      const message = inbox.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
    },
    closed,
    close: () => socket.terminate(),
  };
}
