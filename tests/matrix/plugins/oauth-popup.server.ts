import { bearer, oauthPopup } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";
import { sets as oauth } from "./generic-oauth.server.js";

const base = oauth["generic-oauth"];

export const sets: ServerSets = {
  "oauth-popup": {
    ...base,
    plugins: (env) => [...(base?.plugins?.(env) ?? []), bearer(), oauthPopup()],
  },
};
