/** The rule that every response keeps: the JWT cookie belongs to the session cookie's session, or there is none. */
import { expect } from "vitest";
import { cookieChange } from "../../../js/plugins/shared/set-cookie.js";
import { decode } from "../support/app.js";
import type { World } from "./world.js";

/** What a response does to the session cookie. */
export type Effect = "sets" | "clears" | "leaves";

/** What a response does to the JWT cookie. */
export type JwtEffect = Effect;

const SESSION = "__Secure-better-auth.session_token";
const JWT = "__Secure-better-auth.convex_jwt";

/**
 * Judges a response by what it does: whose session it sets, if any, and whose JWT. `before` is the token of the session
 * that the request came with.
 */
export function judge(
  world: World,
  response: Response,
  before: string,
): { session: Effect; jwt: JwtEffect } {
  const session = cookieChange(response.headers, SESSION);
  const jwt = cookieChange(response.headers, JWT);
  // Two entries of one name would leave it to the browser which one counts.
  const entries = response.headers.getSetCookie().filter((entry) => entry.startsWith(`${JWT}=`));
  expect(entries.length).toBeLessThanOrEqual(1);

  if (session?.value === "") {
    expect(jwt?.value).toBe("");
    return { session: "clears", jwt: "clears" };
  }
  if (session) {
    expect(jwt).toBeDefined();
    if (jwt?.value !== "") expectOwner(world, jwt?.value ?? "", session.value);
    return { session: "sets", jwt: jwt?.value === "" ? "clears" : "sets" };
  }
  if (jwt && jwt.value !== "") expectOwner(world, jwt.value, before);
  // A live session keeps its JWT: clearing it here would make the server render a signed-out page.
  if (jwt?.value === "") expect(sessionOf(world, before)).toBeUndefined();
  return { session: "leaves", jwt: jwt ? (jwt.value === "" ? "clears" : "sets") : "leaves" };
}

function expectOwner(world: World, jwt: string, sessionCookie: string): void {
  const row = sessionOf(world, sessionCookie);
  expect(row).toBeDefined();
  expect(decode(jwt).claims).toMatchObject({ sessionId: row?.["id"], sub: row?.["userId"] });
}

function sessionOf(world: World, cookie: string): Record<string, unknown> | undefined {
  const token = cookie.split(".")[0];
  return world.app.tables["session"]?.find((row) => row["token"] === token);
}
