import { appInvite } from "./plugins/app-invite.js";
import { creem } from "./plugins/creem.js";
import { emailHarmony } from "./plugins/email-harmony.js";
import { telegram } from "./plugins/telegram.js";
import { waitlist } from "./plugins/waitlist.js";
import { runMatrix } from "./support/run.js";

runMatrix("third-party", [appInvite, creem, emailHarmony, telegram, waitlist]);
