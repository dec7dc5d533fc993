/** The fixture app on a host, a signer whose keys its `auth.config` trusts, and clients that are closed afterwards. */
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import type { ConvexClientOptions } from "convex/browser";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { JWTHeaderParameters, JWTPayload } from "jose";
import { join } from "node:path";
import { WebSocket } from "ws";
import { bundleOnce, startHost } from "../index.js";
import type { Host, HostOptions } from "../index.js";

/** Signs tokens and publishes the key that verifies them. */
export interface Signer {
  /** A key set as a `data:` URI. */
  jwks: string;
  keySet: { keys: object[] };
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

/** A host that runs the fixture, and what it logged. */
export interface FixtureHost extends Host {
  lines: string[];
  http(token?: string): ConvexHttpClient;
  /** A client with a WebSocket. It is closed with the host. */
  client(options?: ConvexClientOptions): ConvexClient;
}

/** The issuer and the audience of the fixture's first provider. */
export const ISSUER = "https://local.example.com";
export const AUDIENCE = "convex";

/** Makes a key pair; `claims` of a token default to a valid one for a minute. */
export async function createSigner(alg: "ES256" | "RS256", kid: string = "key-1"): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const keySet = { keys: [{ ...(await exportJWK(publicKey)), kid, alg }] };
  return {
    keySet,
    jwks: `data:application/json;base64,${Buffer.from(JSON.stringify(keySet)).toString("base64")}`,
    sign: (claims, header) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: "user-1",
        iat: now,
        exp: now + 60,
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg, kid, typ: "JWT", ...header })
        .sign(privateKey);
    },
  };
}

/** Bundles the fixture with the real CLI and starts it. */
export async function startFixture(
  env: Record<string, string>,
  options: Pick<HostOptions, "workers"> = {},
): Promise<FixtureHost> {
  const lines: string[] = [];
  const pushRequest = await bundleOnce(join(import.meta.dirname, "../fixture"));
  const host = await startHost({
    ...options,
    pushRequest,
    env,
    log: (line) => lines.push(line),
  });
  const clients: ConvexClient[] = [];
  return {
    ...host,
    lines,
    http(token) {
      const client = new ConvexHttpClient(host.url, { logger: false });
      if (token !== undefined) client.setAuth(token);
      return client;
    },
    client(options = {}) {
      // The type of ws and the DOM's differ in members that the client does not use.
      const webSocketConstructor = WebSocket as unknown as typeof globalThis.WebSocket;
      const client = new ConvexClient(host.url, {
        webSocketConstructor,
        logger: false,
        ...options,
      });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await host.close();
    },
  };
}

/** Waits until `probe` gives something, or fails with `what`. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const value = await probe();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`did not happen: ${what}`);
}
