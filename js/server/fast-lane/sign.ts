/** Tokens that the fast lane has to sign: by the plugin's own rules, with keys that are there already. */
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { retrying } from "../../adapter/retry.js";
import type { StoredKey, TokenStore } from "../../adapter/token-store.js";
import { tokenOf } from "../../plugins/convex/token-of-session.js";
import type { Sign } from "./answers.js";
import { decrypt } from "./cipher.js";
import type { LaneCtx } from "./ctx.js";
import { FullWay } from "./full-way.js";

/** Signs with the component's keys. To make a key, or to give one up, is left to the full way. */
export function signer(component: ComponentApi, ctx: LaneCtx, secret: string): Sign {
  const leave = (): never => {
    throw new FullWay("keys have to change");
  };
  const store: TokenStore = {
    writable: true,
    storeToken: async (entry) =>
      (await retrying(ctx, () =>
        ctx.runMutation(component.gate.storeToken as never, entry as never),
      )) as boolean,
    tokenContext: leave,
    listKeys: leave,
    addKey: leave as () => Promise<StoredKey[]>,
    retireKey: leave as () => Promise<StoredKey[]>,
  };
  return (settings, found, who, wish) =>
    tokenOf(
      {
        settings,
        store: () => store,
        cipher: { encrypt: leave, decrypt: (text) => decrypt(secret, text) },
        logger: { warn: (message) => console.warn(message) },
      },
      found,
      who,
      wish,
    );
}
