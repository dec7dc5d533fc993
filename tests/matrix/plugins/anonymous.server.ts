import { anonymous } from "better-auth/plugins";
import { sets as oauth } from "./generic-oauth.server.js";
import { sets as mails } from "./magic-link.server.js";
import { deliver } from "../support/server-set.js";
import type { ServerSet, ServerSets } from "../support/server-set.js";

const linking: ServerSet = {
  plugins: (env) => [
    anonymous({
      onLinkAccount: ({ anonymousUser, newUser }) =>
        deliver(env, newUser.user.email, { cart: anonymousUser.user.id }),
    }),
  ],
};
const ways = [linking, oauth["generic-oauth"], mails["magic-link"]];

export const sets: ServerSets = {
  anonymous: { plugins: () => [anonymous()] },
  "anonymous:linking": linking,
  "anonymous:leaving": {
    ...oauth["generic-oauth"],
    plugins: (env) => ways.flatMap((way) => way?.plugins?.(env) ?? []),
  },
};
