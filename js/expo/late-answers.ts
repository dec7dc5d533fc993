/** Keeps a device from what is answered late: to requests of a session that was left meanwhile. */
import type { expoClient } from "@better-auth/expo/client";
import { parseSetCookieHeader } from "@better-auth/expo/client";
import type { BetterAuthClientPlugin } from "better-auth/client";
import { sessionOf, wasSent } from "../client/plugins/session-cookie.js";

type FetchPlugin = NonNullable<BetterAuthClientPlugin["fetchPlugins"]>[number];
type DevicePlugin = ReturnType<typeof expoClient>;
type DeviceFetchPlugin = DevicePlugin["fetchPlugins"][number];
type Answered = Parameters<DeviceFetchPlugin["hooks"]["onSuccess"]>[0];

/**
 * `expoClient()` (1.7) with another memory. By itself it takes the cookies of any answer, and empties its storage when a sign-out
 * is answered, though it did so before that was sent: whoever had signed in meanwhile was out again, or the user before was
 * back. What it does with an answer begins in one step, so answers reach the storage in the order of the decisions here.
 *
 * @param plugin What `expoClient()` gave. The package's declarations name no package that some of its users lack.
 */
export function withoutLateAnswers(plugin: BetterAuthClientPlugin): BetterAuthClientPlugin {
  // The session that the storage has, or will have once it has been written.
  let held = "";
  let switches = 0;

  function hold(session: string): void {
    held = session;
    switches += 1;
  }

  /** Whether what the storage has is another session's than this answer. Notes the session that the answer begins or ends. */
  function isLate({ request, response }: Answered): boolean {
    const sent = request.headers.get("cookie") ?? "";
    const isOthers = held !== sessionOf(sent);
    if (isFor(request.url, "/sign-out")) return isOthers && held !== "";
    const set = [...parseSetCookieHeader(response.headers.get("set-cookie") ?? "")];
    const inHeader = (cookies: typeof set): string =>
      sessionOf(cookies.map(([name, { value }]) => `${name}=${value}`).join("; "));
    const touches = inHeader(set) !== "";
    // A cookie that is cleared has no value.
    const begun = inHeader(set.filter(([, { value }]) => value));
    if (begun !== "" && !wasSent(begun, sent)) hold(begun);
    else if (isOthers) return touches || isFor(request.url, "/get-session");
    else if (touches && begun === "") hold("");
    return false;
  }

  function ofOwn({ init, hooks, ...own }: DeviceFetchPlugin): FetchPlugin {
    return {
      ...own,
      hooks: {
        async onSuccess(context) {
          if (isLate(context)) return;
          const isLast = isFor(context.request.url, "/sign-out");
          await hooks.onSuccess(isLast ? withoutCookies(context) : context);
        },
      },
      async init(url, options) {
        const isLast = isFor(url, "/sign-out");
        // Its cookies are read and then cleared.
        if (isLast) hold("");
        const before = switches;
        const given = await init(url, options);
        // A sign-in by a token of the provider's is sent without cookies.
        const { body, headers } = Object(given.options) as {
          body?: { idToken?: unknown };
          headers?: { cookie?: string };
        };
        // The app, or the way back from its browser, may have written the storage.
        if (!isLast && body?.idToken === undefined && switches === before)
          held = sessionOf(headers?.cookie ?? "");
        return given;
      },
    };
  }

  return { ...plugin, fetchPlugins: (plugin as DevicePlugin).fetchPlugins.map(ofOwn) };
}

/** All that it clears is cleared anyway, and nothing is to come in between. */
function withoutCookies(context: Answered): Answered {
  return { ...context, response: { headers: new Headers() } as Response };
}

function isFor(url: string | URL, path: string): boolean {
  return String(url).split(/[?#]/)[0]?.endsWith(path) === true;
}
