/**
 * What a session is called here: its id or, when the app's `customSession` leaves that out, whose it is said to be. Its
 * id is then what its token says. The user's id is one that the app chose to tell, and need not be that of the token.
 */

/** No id begins like this: ids are kept and sent as one word. */
const OF_USER = "session of ";

/** The name of a session of which only the user is known, or not even the user's id (""). */
export function sessionOfUser(userId: string): string {
  return OF_USER + userId;
}

/** Whether a session's id is not known. */
export function isUnnamed(session: string | null): boolean {
  return session?.startsWith(OF_USER) === true;
}
