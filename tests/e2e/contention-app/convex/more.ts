/** API keys, and a stand-in for Google: it vouches for every token, and the token is the account. */
import { apiKey } from "@better-auth/api-key";
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";

const google = {
  clientId: "id",
  clientSecret: "secret",
  verifyIdToken: () => Promise.resolve(true),
  getUserInfo: ({ idToken = "" }: { idToken?: string }) =>
    Promise.resolve({
      user: { id: idToken, name: "Ada", email: `${idToken}@example.com`, emailVerified: true },
      data: { sub: idToken },
    }),
};

export const more = {
  socialProviders: { google: google as never },
  account: { accountLinking: { trustedProviders: ["google"], allowDifferentEmails: true } },
  plugins: [apiKey({ rateLimit: { enabled: false } }) as unknown as BetterAuthPlugin],
} satisfies BetterAuthOptions;
