/** What a page does on the network and says on its console. */
import type { Page } from "playwright-core";

/** Lists that grow while the page lives. Empty one with `length = 0`. */
export interface PageLog {
  /** Paths below `/api/auth` that the page asked for, in order. */
  readonly authRequests: string[];
  /** Uncaught errors. */
  readonly pageErrors: string[];
  /** Errors that were written to the console. */
  readonly consoleErrors: string[];
  /** Messages of Convex's WebSocket protocol, by direction. */
  readonly sent: SyncMessage[];
  readonly received: SyncMessage[];
}

/** A message of Convex's WebSocket protocol. */
export interface SyncMessage {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Starts to record a page, before it goes anywhere. */
export function recordPage(page: Page): PageLog {
  const log: PageLog = {
    authRequests: [],
    pageErrors: [],
    consoleErrors: [],
    sent: [],
    received: [],
  };
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/auth/")) log.authRequests.push(pathname.slice(9));
  });
  page.on("pageerror", (error) => log.pageErrors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") log.consoleErrors.push(message.text());
  });
  page.on("websocket", (socket) => {
    // Vite has one of its own.
    if (!/\/api\/([^/]+\/)?sync$/.test(new URL(socket.url()).pathname)) return;
    socket.on("framesent", ({ payload }) => log.sent.push(messageOf(payload)));
    socket.on("framereceived", ({ payload }) => log.received.push(messageOf(payload)));
  });
  return log;
}

function messageOf(payload: string | Buffer): SyncMessage {
  return JSON.parse(payload.toString()) as SyncMessage;
}

/** When the token of an `Authenticate` ends, in ms since the epoch. */
export function expiryOf(message: SyncMessage): number {
  const [, claims = ""] = String(message["value"]).split(".");
  return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp: number }).exp * 1000;
}
