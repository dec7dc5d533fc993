/** Stands before a server: counts what is asked of it, and can be gone for a while. */
import type { IncomingMessage } from "node:http";
import { createServer, request as sendRequest } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** A relay. Empty `requests` with `length = 0`. */
export interface Relay {
  readonly url: string;
  /** The server that it stands before. */
  target: string;
  /** Requests of the app's server, as `GET /path`. WebSockets are none. */
  readonly requests: string[];
  /** Cuts what is open, and from now on whoever connects. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
}

/** Starts a relay, whose `target` is set once there is one. */
export async function startRelay(): Promise<Relay> {
  const requests: string[] = [];
  const upgraded = new Set<Duplex>();
  let isDown = false;

  const server = createServer((incoming, outgoing) => {
    const path = pathOf(incoming);
    // Convex fetches the keys by the same address.
    if (!path.endsWith("/convex/jwks")) requests.push(`${String(incoming.method)} ${path}`);
    if (isDown) return void incoming.socket.destroy();
    const passedOn = sendRequest(new URL(String(incoming.url), relay.target), optionsOf(incoming));
    passedOn.on("response", (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(outgoing);
    });
    passedOn.on("error", () => incoming.socket.destroy());
    incoming.pipe(passedOn);
  });
  server.on("upgrade", (incoming, socket, head) => {
    if (isDown) return void socket.destroy();
    const passedOn = sendRequest(new URL(String(incoming.url), relay.target), optionsOf(incoming));
    passedOn.on("upgrade", (response, other, otherHead) => {
      const lines = response.rawHeaders.map((text, i) =>
        i % 2 === 0 ? `${text}: ` : `${text}\r\n`,
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
      other.unshift(otherHead);
      socket.unshift(head);
      other.pipe(socket).pipe(other);
      for (const [one, next] of [
        [socket, other],
        [other, socket],
      ] as const) {
        upgraded.add(one);
        one.on("error", () => next.destroy());
        one.on("close", () => {
          upgraded.delete(one);
          next.destroy();
        });
      }
    });
    passedOn.on("error", () => socket.destroy());
    passedOn.end();
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of upgraded) socket.destroy();
    server.closeAllConnections();
  };
  const relay: Relay = {
    target: "",
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    setDown(is) {
      isDown = is;
      if (is) cut();
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return relay;
}

function optionsOf({ method, headers }: IncomingMessage) {
  return { method, headers };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.replace(/\?.*/, "");
}
