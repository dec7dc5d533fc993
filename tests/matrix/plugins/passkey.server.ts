import { passkey } from "@better-auth/passkey";
import type { ServerSets } from "../support/server-set.js";

// The host's address is a number, for which no browser makes passkeys: the app is on another one.
export const sets: ServerSets = {
  passkey: { plugins: () => [passkey({ rpID: "localhost", origin: "http://localhost:5173" })] },
};
