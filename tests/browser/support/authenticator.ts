/** An authenticator as a laptop has one, of Chromium's own making. */
import type { Page } from "playwright-core";

/** The passkeys that a page's browser holds. */
export interface Authenticator {
  credentials(): Promise<{ credentialId: string }[]>;
}

/** Gives the page an authenticator whose owner confirms at once, or with `isUserVerified: false` never. */
export async function addAuthenticator(
  page: Page,
  { isUserVerified = true } = {},
): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async credentials() {
      const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId });
      return credentials;
    },
  };
}
