import { appInvite } from "./plugins/app-invite.js";
import { creem } from "./plugins/creem.js";
import { emailHarmony } from "./plugins/email-harmony.js";
import { telegram } from "./plugins/telegram.js";
import { waitlist } from "./plugins/waitlist.js";
import { runMatrix } from "./support/run.js";

// emailHarmony first: it gives users a unique field, and from then on every new user of the deployment has entries.
runMatrix("third-party", [emailHarmony, appInvite, creem, telegram, waitlist]);
