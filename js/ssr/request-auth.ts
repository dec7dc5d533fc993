import { GateError } from "../errors/index.js";
import { callerOf } from "./convex-calls.js";
import type { HeldToken } from "./session-cookies.js";
import { readSessionCookies } from "./session-cookies.js";
import type { Settings } from "./settings.js";
import type { TokenAnswer } from "./token-request.js";
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
  let expiresAt = 0;
  let failure: TokenAnswer["failure"];

  async function fromCookies(): Promise<AuthState> {
    const found = readSessionCookies(headers, settings);
    if (found === null) return { session: "signedOut", token: null };
    const { jwt } = found;
    const life = jwt === null ? 0 : jwt.expiresAt - Date.now();
    const isUsable = jwt !== null && life > LEAST_LIFE_MS && (await verified(jwt.token));
    if (isUsable && life > settings.renewBeforeMs) return held(jwt);
    const asked = await ask(false);
    // Where there is no answer it serves until its end: Convex takes it for as long.
    return asked.session === "unknown" && isUsable ? held(jwt) : asked;
  }

  function held(jwt: HeldToken): AuthState {
    expiresAt = jwt.expiresAt;
    return { session: "signedIn", token: jwt.token };
  }

  async function verified(token: string): Promise<boolean> {
    try {
      await settings.verify?.(token);
      return true;
    } catch {
      return false;
    }
  }

  async function ask(fresh: boolean): Promise<AuthState> {
    const answer = await requestToken(settings, headers, { ...more, fresh });
    cookies.push(...answer.cookies);
    if (answer.failure) failure = answer.failure;
    else expiresAt = answer.expiresAt;
    return answer.state;
  }

  async function state(): Promise<AuthState> {
    const known = await (current ??= fromCookies());
    // A response that is streamed may take longer than a token lives.
    if (known.token === null || expiresAt > Date.now()) return known;
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

  function tokenIn(known: AuthState): string | null {
    if (known.session !== "unknown") return known.token;
    throw new GateError(
      "AUTH_UNAVAILABLE",
      "Whether anybody is signed in is not known, because the deployment's token endpoint gave no answer. Show the page " +
        "without the user's data, or an error, but sign nobody out.",
      failure,
    );
  }

  const call = callerOf(settings, {
    first: async () => tokenIn(await state()),
    otherThan: async (token) => tokenIn(await otherThan(token)),
  });

  return {
    getState: () => state(),
    getToken: async ({ fresh = false } = {}) => tokenIn(await (fresh ? renewed() : state())),
    isAuthenticated: async () => tokenIn(await state()) !== null,
    fetchQuery: (query, ...args) => call("query", (client) => client.query(query, ...args)),
    fetchMutation: (mutation, ...args) =>
      call("mutation", (client) => client.mutation(mutation, ...args)),
    fetchAction: (action, ...args) => call("action", (client) => client.action(action, ...args)),
    setCookies: () => [...cookies],
  };
}
