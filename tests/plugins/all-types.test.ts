/**
 * The plugins of `better-auth/plugins` and two official packages in one options object beside ours: nothing is lost. But for
 * `customSession`, which replaces the session's type by what it returns.
 */
import { apiKey } from "@better-auth/api-key";
import { apiKeyClient } from "@better-auth/api-key/client";
import { passkey } from "@better-auth/passkey";
import { passkeyClient } from "@better-auth/passkey/client";
import {
  adminClient,
  anonymousClient,
  emailOTPClient,
  magicLinkClient,
  organizationClient,
  phoneNumberClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { betterAuth } from "better-auth/minimal";
import {
  admin,
  anonymous,
  bearer,
  captcha,
  deviceAuthorization,
  emailOTP,
  genericOAuth,
  haveIBeenPwned,
  jwt,
  lastLoginMethod,
  magicLink,
  multiSession,
  oAuthProxy,
  oneTap,
  oneTimeToken,
  openAPI,
  organization,
  phoneNumber,
  siwe,
  twoFactor,
  username,
} from "better-auth/plugins";
import { createAuthClient } from "better-auth/react";
import { describe, expectTypeOf, it } from "vitest";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";
import { convex, crossDomain } from "../../js/plugins/index.js";
import type { TokenAnswer } from "../../js/plugins/index.js";

const authConfig = { providers: [getAuthConfigProvider()] };
const send = () => Promise.resolve();

const createAuth = () =>
  betterAuth({
    plugins: [
      admin(),
      anonymous(),
      apiKey(),
      bearer(),
      captcha({ provider: "cloudflare-turnstile", secretKey: "x" }),
      deviceAuthorization(),
      emailOTP({ sendVerificationOTP: send }),
      genericOAuth({ config: [] }),
      haveIBeenPwned(),
      jwt(),
      lastLoginMethod(),
      magicLink({ sendMagicLink: send }),
      multiSession(),
      oAuthProxy(),
      oneTap(),
      oneTimeToken(),
      openAPI(),
      organization({ teams: { enabled: true } }),
      passkey(),
      phoneNumber({ sendOTP: send }),
      siwe({
        domain: "example.com",
        getNonce: () => Promise.resolve("n"),
        verifyMessage: () => Promise.resolve(true),
      }),
      twoFactor(),
      username(),
      crossDomain({ siteUrl: "http://localhost:5173" }),
      convex({ authConfig }),
    ],
  });

const createClient = () =>
  createAuthClient({
    plugins: [
      adminClient(),
      anonymousClient(),
      apiKeyClient(),
      emailOTPClient(),
      magicLinkClient(),
      organizationClient({ teams: { enabled: true } }),
      passkeyClient(),
      phoneNumberClient(),
      twoFactorClient(),
      usernameClient(),
      crossDomainClient(),
      convexClient(),
    ],
  });

describe("types with every plugin", () => {
  it("auth.api has every plugin's endpoints beside ours", () => {
    type Api = ReturnType<typeof createAuth>["api"];
    expectTypeOf<Awaited<ReturnType<Api["getConvexToken"]>>>().toEqualTypeOf<TokenAnswer>();
    expectTypeOf<Api["createApiKey"]>().toBeFunction();
    expectTypeOf<Api["generatePasskeyRegistrationOptions"]>().toBeFunction();
    expectTypeOf<Api["createTeam"]>().toBeFunction();
    expectTypeOf<Api["banUser"]>().toBeFunction();
    expectTypeOf<Api["signInUsername"]>().toBeFunction();
    expectTypeOf<Api["getSiweNonce"]>().toBeFunction();
    expectTypeOf<Api>().not.toBeAny();
  });

  it("the session has every plugin's fields", () => {
    type Session = ReturnType<typeof createAuth>["$Infer"]["Session"];
    expectTypeOf<Session["user"]["role"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Session["user"]["phoneNumber"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Session["user"]["username"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Session["session"]["activeTeamId"]>().toEqualTypeOf<string | null | undefined>();
  });

  it("authClient has every plugin's methods beside ours", () => {
    type Client = ReturnType<typeof createClient>;
    expectTypeOf<Client["convex"]["token"]>().toBeFunction();
    expectTypeOf<Client["organization"]["create"]>().toBeFunction();
    expectTypeOf<Client["passkey"]["addPasskey"]>().toBeFunction();
    expectTypeOf<Client["apiKey"]["create"]>().toBeFunction();
    expectTypeOf<Client["twoFactor"]["enable"]>().toBeFunction();
    expectTypeOf<Client>().not.toBeAny();
  });
});
