/** A fake of Better Auth's dashboard: it has keys, signs the tokens of its requests and takes the events that it is sent. */
import { createHash, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Party } from "../support/plugin.js";
import { serveJson } from "../support/serve.js";

/** The fake. */
export interface Dashboard extends Party {
  /** The headers of a request of the dashboard's, as long as the key is the app's. What it is about is in the token. */
  headers(about?: Record<string, unknown>, apiKey?: string): Promise<Record<string, string>>;
}

const API_KEY = "an-api-key-of-the-tests";

/** Starts it. */
export async function startDashboard(): Promise<Dashboard> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(publicKey)), kid: "one", alg: "ES256" };
  const { url, close } = await serveJson((request) =>
    Response.json(new URL(request.url).pathname === "/api/auth/jwks" ? { keys: [key] } : {}),
  );
  return {
    env: { DASH_URL: url, BETTER_AUTH_API_KEY: API_KEY },
    close,
    async headers(about = {}, apiKey = API_KEY) {
      const apiKeyHash = createHash("sha256").update(apiKey).digest("hex");
      const token = await new SignJWT({ ...about, apiKeyHash, jti: randomUUID() })
        .setProtectedHeader({ alg: "ES256", kid: "one" })
        .setIssuedAt()
        .setExpirationTime("1m")
        .sign(privateKey);
      return { authorization: `Bearer ${token}` };
    },
  };
}
