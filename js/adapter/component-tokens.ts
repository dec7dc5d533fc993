/** Sessions, keys and cached tokens of the component. */
import type { ComponentApi } from "../../convex/_generated/component.js";
import type { Caller } from "./component-calls.js";
import { expiryOf } from "./expiring.js";
import type { StoredKey, TokenStore } from "./token-store.js";

/** The keys read by an earlier call of the same request. */
export interface KeyMemory {
  recall(): StoredKey[] | undefined;
  remember(keys: StoredKey[]): StoredKey[];
}

/** None was read yet. */
export function createKeyMemory(): KeyMemory {
  let known: StoredKey[] | undefined;
  return {
    recall: () => known,
    remember: (keys) => (known = keys),
  };
}

/** The token store over the component; keys that `keys` holds are not read again. */
export function createTokenStore(
  component: ComponentApi,
  call: Caller,
  keys: KeyMemory,
): TokenStore {
  return {
    writable: call.writable,
    async tokenContext(token) {
      const found = await call.query(component.gate.tokenContext, { token });
      return found as Awaited<ReturnType<TokenStore["tokenContext"]>>;
    },
    async storeToken(entry) {
      return (await call.mutation(component.gate.storeToken, entry)) as boolean;
    },
    async listKeys() {
      return (
        keys.recall() ??
        keys.remember((await call.query(component.gate.listKeys, {})) as StoredKey[])
      );
    },
    async addKey(key, expectNewest, retireOthersAt) {
      const args = {
        key,
        expectNewest,
        ...(retireOthersAt === undefined ? {} : { retireOthersAt }),
        expires: expiryOf("gateKeys"),
      };
      return keys.remember((await call.mutation(component.gate.addKey, args)) as StoredKey[]);
    },
    async retireKey(id, retiredAt) {
      return keys.remember(
        (await call.mutation(component.gate.retireKey, { id, retiredAt })) as StoredKey[],
      );
    },
    async noteLane(place, text, notedAt) {
      await call.mutation(component.gate.noteLane, { place, text, notedAt });
    },
  };
}
