/** Tokens on the fast lane: by the plugin's own rules, with keys that are there already. */
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { retrying } from "../../adapter/retry.js";
import type { StoredKey, TokenEntry, TokenStore } from "../../adapter/token-store.js";
import type { KeySource } from "../../plugins/convex/key-source.js";
import type { LaneTokenRules } from "../../plugins/convex/lane-facts.js";
import { FullWay } from "./full-way.js";

/** What of an HTTP action's ctx the lane uses. */
export interface LaneCtx {
  runQuery(reference: never, args: never): Promise<unknown>;
  runMutation(reference: never, args: never): Promise<unknown>;
}

/** Keys and cache of a request. To make a key, or to give one up, is left to the full way. */
export function laneKeys(
  component: ComponentApi,
  ctx: LaneCtx,
  { issuer, ...rules }: LaneTokenRules,
  secret: string,
): KeySource {
  const leave = (): never => {
    throw new FullWay("keys have to change");
  };
  const store: TokenStore = {
    writable: true,
    storeToken: async (entry: TokenEntry) =>
      (await retrying(ctx, () =>
        ctx.runMutation(component.gate.storeToken as never, entry as never),
      )) as boolean,
    tokenContext: leave,
    listKeys: leave,
    addKey: leave as () => Promise<StoredKey[]>,
    retireKey: leave as () => Promise<StoredKey[]>,
  };
  return {
    settings: {
      ...rules,
      issuer: () => issuer,
      definePayload: undefined,
      staticKeys: undefined,
    },
    store: () => store,
    cipher: {
      encrypt: leave,
      // Most requests find their token in the cache and need no cipher.
      decrypt: async (text) => (await import("./cipher.js")).decrypt(secret, text),
    },
    logger: { warn: (message) => console.warn(message) },
  };
}
