import type { Effect } from "./rule.js";
import type { Call, World } from "./world.js";

/** One call of one endpoint by a signed-in browser. */
export interface Case {
  /** What is special about it, when an endpoint has several. */
  readonly title?: string;
  /** What the response does to the session cookie. */
  readonly effect: Effect;
  /** @default 200 */
  readonly status?: number;
  /**
   * What happens to the JWT, where the session cookie alone does not decide it. By default the JWT cookie does as the
   * session cookie does.
   */
  readonly jwt?: Effect;
  /** Whose session the browser holds afterwards, where it is not the one from before. */
  readonly owner?: "bob" | "somebody new";
  /** Prepares the world and says what to call with. */
  call(world: World): Call | Promise<Call>;
}

/** Cases by the name of their endpoint in `auth.api`. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

/** A call that leaves the cookies alone. */
export function leaves(call: Case["call"] = () => ({})): readonly Case[] {
  return [{ effect: "leaves", call }];
}

/** A call that sets a session cookie. */
export function sets(call: Case["call"], rest: Partial<Case> = {}): readonly Case[] {
  return [{ effect: "sets", call, ...rest }];
}
