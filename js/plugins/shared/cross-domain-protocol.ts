/** The words that `crossDomain()` and `crossDomainClient()` share. */

/**
 * Request header in which a tab sends the cookies that it keeps itself, as a `Cookie` header's value. A tab always sends
 * it, empty when it keeps none.
 */
export const COOKIE_HEADER = "better-auth-cookie";

/** Response header with every `Set-Cookie` of an answer to a tab. */
export const SET_COOKIE_HEADER = "set-better-auth-cookie";

/** Query parameter in which a navigation that was parked comes home. */
export const TICKET_PARAMETER = "auth_ticket";

/** Where a tab goes on with a parked navigation: `POST { ticket }`, answered by a {@link ReplayAnswer}. */
export const RESUME_PATH = "/cross-domain/resume";

/** Why a flow came to nothing. */
export interface FlowError {
  code: string;
  message?: string | undefined;
}

/** What a tab is told that went on with a parked navigation. It has the answer's cookies by then. */
export interface ReplayAnswer {
  /** Where the browser would have gone, relative to the tab's own page; null when it would have stayed. */
  url: string | null;
  /** The ticket of the next step, where one navigation led to another at the deployment. */
  ticket?: string;
  /** Why the navigation came to nothing, where Better Auth had no page of the app to say so. */
  error?: FlowError;
}
