/** What a row of the table of losers is, and the steps that the rows share. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import type { Browser } from "../../../plugins/support/app.js";
import { PASSWORD } from "../../../plugins/support/app.js";
import type { RaceApp } from "../overtaking.js";

/** A status, and the code, SCIM's type of error or OAuth's error. */
export type Answer = [status: number, code?: string];

/** Two requests for one value of a unique field. */
export interface Case {
  /** What must be unique, as `uniqueFields` names it. */
  field: string;
  /** The endpoint, or the function of `auth.api` for what only the app's own server calls. */
  by: string;
  /** What the app has beside the core. */
  plugins?: (mails: RaceApp["mails"]) => BetterAuthPlugin[];
  options?: BetterAuthOptions;
  /** What the loser and a later request are answered. */
  answer: Answer;
  /** Where the two differ: the loser's. */
  loser?: Answer;
  /** What the loser is answered without the second try. */
  alone: Answer;
  /** Gives a request for the value. It is called for two browsers, 0 and 1, on one app. */
  prepare: (app: RaceApp, browser: Browser, number: number) => Promise<() => Promise<Response>>;
}

/** A new user of this number. */
export function signUp(browser: Browser, number: number, more: object = {}): Promise<Response> {
  const body = { email: `${String(number)}@example.com`, password: PASSWORD, name: "A", ...more };
  return browser.request("/sign-up/email", { body });
}

/** What a request was answered, which must have gone well. */
export async function json<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  if (!answer.ok) throw new Error(`${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as T;
}

type ServerCall = (input: object) => Promise<Response>;

/** Calls a function of `auth.api` that has no address, as an app's own server does. */
export function callServer(
  app: RaceApp,
  browser: Browser,
  name: string,
  input: object,
): Promise<Response> {
  const api = app.auth().api as unknown as Record<string, ServerCall>;
  const headers = new Headers({ cookie: browser.cookieHeader() });
  const call = api[name];
  if (!call) throw new Error(`there is no ${name}`);
  return call({ ...input, headers, asResponse: true });
}
