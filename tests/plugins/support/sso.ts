/** What an app with `@better-auth/sso` is asked for by browsers. */
import type { ComponentApp } from "../../support/component-app.js";
import type { Browser } from "./app.js";
import { SITE } from "./app.js";

/** Registers an identity provider as an administrator of the app does. */
export async function registerProvider(app: ComponentApp, body: object): Promise<Response> {
  const admin = app.browser();
  await admin.signUp("admin@acme.example");
  return admin.request("/sso/register", { body });
}

/** Begins a sign-in at the provider of the address's domain. */
export function signInSso(browser: Pick<Browser, "request">, email: string): Promise<Response> {
  return browser.request("/sign-in/sso", {
    body: { email, callbackURL: `${SITE}/done`, errorCallbackURL: `${SITE}/failed` },
  });
}

/** The user of a browser's session. */
export async function userOf(
  browser: Pick<Browser, "request">,
): Promise<Record<string, unknown> | undefined> {
  const session = (await (await browser.request("/get-session")).json()) as {
    user: Record<string, unknown>;
  } | null;
  return session?.user;
}
