import { emailOtp } from "./plugins/email-otp.js";
import { genericOauth } from "./plugins/generic-oauth.js";
import { username } from "./plugins/username.js";
import { runMatrix } from "./support/run.js";

runMatrix("core-accounts", [username, emailOtp, genericOauth]);
