/**
 * A secret of this tab. Only its hash travels with requests that start a flow, and the one-time token that comes back in
 * a redirect can only be redeemed with the secret: a link with a token made elsewhere signs nobody in here.
 */

/** The verifier of a tab. */
export interface TabVerifier {
  /** The hash that the server binds a flow to: base64url of SHA-256, made with the secret if there is none yet. */
  challenge(): Promise<string>;
  /** The secret, or null when no flow was started in this tab. */
  secret(): string | null;
}

/** The verifier of this tab, kept in its `sessionStorage` so that it outlives the redirects. */
export function tabVerifier(key: string): TabVerifier {
  let memory: string | null = null;
  const session = tabStorage();
  const secret = (): string | null => session?.getItem(key) ?? memory;
  return {
    secret,
    async challenge() {
      let verifier = secret();
      if (verifier === null) {
        verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
        memory = verifier;
        session?.setItem(key, verifier);
      }
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
      return base64url(new Uint8Array(digest));
    },
  };
}

function tabStorage(): Pick<Storage, "getItem" | "setItem"> | undefined {
  try {
    return typeof sessionStorage === "undefined" ? undefined : sessionStorage;
  } catch {
    return undefined;
  }
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
