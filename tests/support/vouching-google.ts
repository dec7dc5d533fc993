/** A stand-in for Google: it vouches for every token, and the token is the account. */
import type { BetterAuthOptions } from "better-auth";

/** The provider. @default addressOf the token's own address */
export const vouchingGoogle = (
  addressOf: (idToken: string) => string = (idToken) => `${idToken}@example.com`,
): BetterAuthOptions => {
  const getUserInfo = ({ idToken = "" }: { idToken?: string }) =>
    Promise.resolve({
      user: { id: idToken, name: "Ada", email: addressOf(idToken), emailVerified: true },
      data: { sub: idToken },
    });
  const verifyIdToken = () => Promise.resolve(true);
  const google = { clientId: "id", clientSecret: "secret", verifyIdToken, getUserInfo };
  return {
    socialProviders: { google: google as never },
    account: { accountLinking: { trustedProviders: ["google"], allowDifferentEmails: true } },
  };
};
