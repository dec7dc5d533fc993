import { accounts } from "./plugins/accounts.js";
import { anonymous } from "./plugins/anonymous.js";
import { bearer } from "./plugins/bearer.js";
import { captcha } from "./plugins/captcha.js";
import { customSession } from "./plugins/custom-session.js";
import { emailOtp } from "./plugins/email-otp.js";
import { genericOauth } from "./plugins/generic-oauth.js";
import { haveibeenpwned } from "./plugins/haveibeenpwned.js";
import { lastLoginMethod } from "./plugins/last-login-method.js";
import { magicLink } from "./plugins/magic-link.js";
import { multiSession } from "./plugins/multi-session.js";
import { oneTap } from "./plugins/one-tap.js";
import { oneTimeToken } from "./plugins/one-time-token.js";
import { phoneNumber } from "./plugins/phone-number.js";
import { username } from "./plugins/username.js";
import { runMatrix } from "./support/run.js";

runMatrix("core-accounts", [
  accounts,
  anonymous,
  bearer,
  captcha,
  customSession,
  emailOtp,
  genericOauth,
  haveibeenpwned,
  lastLoginMethod,
  magicLink,
  multiSession,
  oneTap,
  oneTimeToken,
  phoneNumber,
  username,
]);
