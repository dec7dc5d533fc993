import { passkeyClient } from "@better-auth/passkey/client";
import { anonymousClient, organizationClient, twoFactorClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { convexClient, crossDomainClient } from "convex-gate/client/plugins";

export const authClient = createAuthClient({
  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,
  plugins: [
    anonymousClient(),
    twoFactorClient(),
    passkeyClient(),
    organizationClient(),
    crossDomainClient(),
    convexClient(),
  ],
});
