import { getTokenExpiry } from "../client/token-expiry.js";
import { GateError } from "../errors/index.js";
import { callerOf } from "./convex-calls.js";
import { readSessionCookies } from "./session-cookies.js";
import type { Settings } from "./settings.js";
import { requestToken } from "./token-request.js";
import type { AuthState, RequestAuth, RequestOptions } from "./types.js";

/** A token that ends sooner is not worth a try. */
const LEAST_LIFE_MS = 5_000;

/** Auth of one request; nothing is kept beyond it. */
export function createRequestAuth(
  settings: Settings,
  headers: Headers,
  more: RequestOptions,
): RequestAuth {
  const cookies: string[] = [];
  let current: Promise<AuthState> | undefined;
  let freshFlight: Promise<AuthState> | undefined;

  async function fromCookies(): Promise<AuthState> {
    const found = readSessionCookies(headers, settings);
    if (found === null) return { session: "signedOut", token: null };
    const { jwt } = found;
    const life = jwt === null ? 0 : jwt.expiresAt - Date.now();
    const holds = jwt !== null && life > LEAST_LIFE_MS && (await verified(jwt.token));
    if (holds && life > settings.renewBeforeMs) return { session: "signedIn", token: jwt.token };
    const state = await ask(false);
    // It has not ended yet, and Convex takes it until then.
    if (state.session === "unknown" && holds) return { session: "signedIn", token: jwt.token };
    return state;
  }

  async function verified(token: string): Promise<boolean> {
    if (settings.verify === undefined) return true;
    return settings.verify(token).then(
      () => true,
      () => false,
    );
  }

  async function ask(fresh: boolean): Promise<AuthState> {
    const answer = await requestToken(settings, headers, { ...more, fresh });
    cookies.push(...answer.cookies);
    return answer.state;
  }

  async function state(): Promise<AuthState> {
    const known = await (current ??= fromCookies());
    // A response that is streamed may take longer than a token lives.
    if (known.token === null || (getTokenExpiry(known.token) ?? 0) > Date.now()) return known;
    return otherThan(known.token);
  }

  /** A state that does not have this token: that of a request that has been made, or of a new one. */
  async function otherThan(token: string | null): Promise<AuthState> {
    const known = await (current ??= fromCookies());
    if (known.token !== token) return known;
    return renewed();
  }

  async function renewed(): Promise<AuthState> {
    if (freshFlight === undefined && readSessionCookies(headers, settings) === null) return state();
    freshFlight ??= ask(true).finally(() => (freshFlight = undefined));
    const answer = await freshFlight;
    // What was known stays known where there was no answer.
    if (answer.session !== "unknown") current = Promise.resolve(answer);
    return answer;
  }

  const call = callerOf(settings, {
    first: async () => known(await state()),
    otherThan: async (token) => known(await otherThan(token)),
  });

  return {
    getState: () => state(),
    getToken: async ({ fresh = false } = {}) => known(await (fresh ? renewed() : state())),
    isAuthenticated: async () => known(await state()) !== null,
    fetchQuery: (query, ...args) => call((client) => client.query(query, ...args)),
    fetchMutation: (mutation, ...args) => call((client) => client.mutation(mutation, ...args)),
    fetchAction: (action, ...args) => call((client) => client.action(action, ...args)),
    setCookies: () => [...cookies],
  };
}

function known(state: AuthState): string | null {
  if (state.session !== "unknown") return state.token;
  throw new GateError(
    "AUTH_UNAVAILABLE",
    "Whether anybody is signed in is not known, because the deployment's token endpoint gave no answer. Show the page " +
      "without the user's data, or an error, but sign nobody out.",
  );
}
