/** Every plugin of `better-auth/plugins` that both minors of Better Auth have, with the options that it demands. */
import * as plugins from "better-auth/plugins";

const send = async () => undefined;

export const others = () => [
  plugins.admin(),
  plugins.anonymous(),
  plugins.bearer(),
  plugins.captcha({ provider: "cloudflare-turnstile", secretKey: "a secret" }),
  plugins.customSession(async (session) => session),
  plugins.deviceAuthorization({ verificationUri: "/device" }),
  plugins.emailOTP({ sendVerificationOTP: send }),
  plugins.genericOAuth({ config: [] }),
  plugins.haveIBeenPwned(),
  plugins.jwt(),
  plugins.lastLoginMethod(),
  plugins.magicLink({ sendMagicLink: send }),
  plugins.multiSession(),
  plugins.oAuthProxy(),
  plugins.oauthPopup(),
  plugins.oneTap(),
  plugins.oneTimeToken(),
  plugins.openAPI(),
  plugins.organization({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } }),
  plugins.phoneNumber({ sendOTP: send }),
  plugins.siwe({
    domain: "example.com",
    getNonce: async () => "nonce",
    verifyMessage: async () => true,
  }),
  plugins.twoFactor(),
  plugins.username(),
];
