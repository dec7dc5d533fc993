import { apiKey } from "./plugins/api-key.js";
import { dash } from "./plugins/dash.js";
import { electron } from "./plugins/electron.js";
import { expo } from "./plugins/expo.js";
import { i18n } from "./plugins/i18n.js";
import { passkey } from "./plugins/passkey.js";
import { scim } from "./plugins/scim.js";
import { stripe } from "./plugins/stripe.js";
import { runMatrix } from "./support/run.js";

runMatrix("satellites", [apiKey, dash, electron, expo, i18n, passkey, scim, stripe]);
