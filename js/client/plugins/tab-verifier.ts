/**
 * A secret of this tab. Only its hash travels with requests that may start a flow, and the one-time token that comes
 * back in a redirect can only be redeemed with the secret: a link with a token made elsewhere signs nobody in here.
 */

/** The verifier of a tab. */
export interface TabVerifier {
  /**
   * The hash that the server binds a flow to: base64url of SHA-256, made with the secret if there is none yet. Null
   * where the platform cannot hash, as on a page that was not served over https.
   */
  challenge(): Promise<string | null>;
  /** The secret, or null when no flow was started in this tab. */
  secret(): string | null;
}

/** The verifier of this tab, kept in its `sessionStorage` so that it outlives the redirects. */
export function tabVerifier(key: string): TabVerifier {
  let memory: string | null = null;

  function secret(): string | null {
    try {
      return tabStorage()?.getItem(key) ?? memory;
    } catch {
      return memory;
    }
  }

  function make(): string {
    memory = base64url(crypto.getRandomValues(new Uint8Array(32)));
    try {
      tabStorage()?.setItem(key, memory);
    } catch {
      // Forbidden to this page: flows that leave it cannot be finished, everything else works.
    }
    return memory;
  }

  return {
    secret,
    async challenge() {
      if (typeof crypto === "undefined" || !("subtle" in crypto) || !crypto.subtle) return null;
      const text = new TextEncoder().encode(secret() ?? make());
      return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
    },
  };
}

function tabStorage(): Pick<Storage, "getItem" | "setItem"> | undefined {
  return typeof sessionStorage === "undefined" ? undefined : sessionStorage;
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
