import type { AuthContext } from "better-auth";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { tokenStoreOf } from "../../adapter/token-store.js";
import type { KeySource } from "./key-source.js";
import type { Settings } from "./options.js";

/** The keys of a Better Auth instance. */
export function keySource(
  settings: Settings,
  {
    adapter,
    logger,
    secretConfig: key,
  }: Pick<AuthContext, "secretConfig" | "logger"> & {
    readonly adapter: unknown;
  },
): KeySource {
  return {
    settings,
    logger,
    store: () => tokenStoreOf(adapter),
    cipher: {
      encrypt: (data) => symmetricEncrypt({ key, data }),
      decrypt: (data) => symmetricDecrypt({ key, data }),
    },
  };
}
