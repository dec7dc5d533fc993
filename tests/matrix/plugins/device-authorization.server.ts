import { deviceAuthorization } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

const validateClient = async (id: string): Promise<boolean> => id === "tv";

export const sets: ServerSets = {
  "device-authorization": {
    plugins: () => [deviceAuthorization({ verificationUri: "/device", validateClient })],
  },
  "device-authorization:short": {
    plugins: () => [
      deviceAuthorization({ verificationUri: "/device", validateClient, userCodeLength: 4 }),
    ],
  },
};
