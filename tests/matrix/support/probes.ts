/** What is asked after each case by everybody who took part in it: all that the fast lane could answer. */
import type { Host } from "../../host/index.js";
import type { Browser } from "./browser.js";
import { sendAsIs } from "./send.js";

const PATHS = ["/get-session", "/get-session?convexToken=true", "/convex/token"];

/** What anybody may ask, from pages of the app and of others. */
const PUBLIC = ["/convex/jwks", "/convex/.well-known/openid-configuration"];
const STRANGER = "https://stranger.example.com";

/** Asks as each of these browsers, and as pages without cookies at `site` and elsewhere. */
export async function probe(host: Host, site: string, browsers: readonly Browser[]): Promise<void> {
  for (const browser of browsers)
    for (const path of PATHS) await browser.get(path, { uncounted: true });
  const send = (path: string, method: string, headers: Record<string, string>): Promise<Response> =>
    sendAsIs(new Request(`${host.siteUrl}/api/auth${path}`, { method, headers }));
  for (const path of PUBLIC) await send(path, "GET", { origin: site });
  for (const origin of [site, STRANGER])
    await send("/get-session", "OPTIONS", {
      origin,
      "access-control-request-method": "GET",
      "access-control-request-headers": "better-auth-cookie",
    });
}
