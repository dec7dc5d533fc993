/** An app on the component, on a clock that stands still until it is set, and a browser whose cookies end. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { vi } from "vitest";
import type { ConvexGateStore } from "../../../js/adapter/index.js";
import type { ConvexOptions, TokenAnswer } from "../../../js/plugins/index.js";
import type { ComponentApp } from "../../support/component-app.js";
import { createComponentApp } from "../../support/component-app.js";
import type { Browser } from "../support/app.js";
import { decode, PASSWORD } from "../support/app.js";

export const SECOND = 1000;

export interface World {
  readonly app: ComponentApp;
  readonly browser: Browser;
  /** Asks the token endpoint; null for a 401. */
  token(query?: string): Promise<(TokenAnswer & { exp: number; response: Response }) | null>;
  /** The session's row. */
  session(): Promise<Record<string, unknown> | undefined>;
  /** The costs of what `run` does. */
  costsOf(run: () => Promise<unknown>): Promise<string[]>;
}

/** Lets `seconds` go by. */
export function wait(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * SECOND);
}

/** Makes an app and signs somebody up. Needs `vi.useFakeTimers({ toFake: ["Date"] })`. */
export async function createWorld({
  session,
  options,
  signUp = {},
  ...given
}: {
  readonly session?: BetterAuthOptions["session"];
  readonly options?: BetterAuthOptions;
  readonly plugins?: BetterAuthPlugin[];
  readonly convexOptions?: Partial<ConvexOptions>;
  readonly store?: (store: ConvexGateStore) => ConvexGateStore;
  readonly signUp?: Record<string, unknown>;
} = {}): Promise<World> {
  const app = createComponentApp({
    ...given,
    options: { ...options, session: { ...options?.session, ...session } },
  });
  const browser = withEnds(app.browser());
  const body = { email: "ada@example.com", password: PASSWORD, name: "Ada", ...signUp };
  await browser.request("/sign-up/email", { body });
  return {
    app,
    browser,
    async token(query = "") {
      const response = await browser.request(`/convex/token${query}`);
      if (response.status === 401) return null;
      const answer = (await response.clone().json()) as TokenAnswer;
      return { ...answer, exp: Number(decode(answer.token).claims["exp"]), response };
    },
    session: async () => (await app.rows("session"))[0],
    async costsOf(run) {
      app.harness.costs.length = 0;
      await run();
      return [...app.harness.costs];
    },
  };
}

/** A browser that forgets cookies when their `Max-Age` is over. */
export function withEnds(browser: Browser): Browser {
  const ends = new Map<string, number>();
  return {
    ...browser,
    async request(...args) {
      for (const [name, end] of ends) if (end <= Date.now()) browser.cookies.delete(name);
      const response = await browser.request(...args);
      for (const entry of response.headers.getSetCookie()) {
        const name = entry.slice(0, entry.indexOf("="));
        const maxAge = /max-age=(\d+)/i.exec(entry)?.[1];
        if (maxAge === undefined) ends.delete(name);
        else ends.set(name, Date.now() + Number(maxAge) * SECOND);
      }
      return response;
    },
  };
}

/** The cookies that a response sets, by their names without prefixes, with their `Max-Age`. */
export function cookiesOf(response: Response): Record<string, number | "tab"> {
  return Object.fromEntries(
    response.headers.getSetCookie().map((entry) => {
      const name = entry.slice(0, entry.indexOf("=")).replace(/^.*better-auth\./, "");
      const maxAge = /max-age=(\d+)/i.exec(entry)?.[1];
      return [name, maxAge === undefined ? "tab" : Number(maxAge)];
    }),
  );
}
