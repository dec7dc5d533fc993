import { admin } from "./plugins/admin.js";
import { deviceAuthorization } from "./plugins/device-authorization.js";
import { jwt } from "./plugins/jwt.js";
import { oauthPopup } from "./plugins/oauth-popup.js";
import { oauthProxy } from "./plugins/oauth-proxy.js";
import { openApi } from "./plugins/open-api.js";
import { organization } from "./plugins/organization.js";
import { siwe } from "./plugins/siwe.js";
import { twoFactor } from "./plugins/two-factor.js";
import { runMatrix } from "./support/run.js";

runMatrix("core-organizations", [
  admin,
  deviceAuthorization,
  jwt,
  oauthPopup,
  oauthProxy,
  openApi,
  organization,
  siwe,
  twoFactor,
]);
