/** Where signing keys come from, and with what they are encrypted. */
import type { TokenStore } from "../../adapter/token-store.js";
import type { Settings } from "./options.js";

/** What of the plugin's settings decides a token. */
export type TokenRules = Pick<
  Settings,
  "issuer" | "alg" | "lifetimeS" | "claims" | "definePayload" | "cacheTtlMs" | "ring" | "staticKeys"
>;

/** Encrypts with the app's secret, as Better Auth does it. */
export interface Cipher {
  encrypt(text: string): Promise<string>;
  decrypt(text: string): Promise<string>;
}

/** The keys of one request. */
export interface KeySource {
  readonly settings: TokenRules;
  /** Looked up only when the plugin keeps its own keys. */
  store(): TokenStore;
  readonly cipher: Cipher;
  readonly logger: { warn(message: string): void };
}
