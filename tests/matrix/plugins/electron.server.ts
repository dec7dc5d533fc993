import { electron } from "@better-auth/electron";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  electron: {
    plugins: () => [electron()],
    options: () => ({ trustedOrigins: ["com.example.app:/"] }),
  },
};
