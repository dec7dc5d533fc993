/** A full request that leaves facts behind: it watches what its Better Auth instance is made from. */
import { carriedBy } from "../../adapter/carried.js";
import { backgroundOf } from "../../adapter/background.js";
import type { TokenStore } from "../../adapter/token-store.js";
import type { LaneFacts } from "../../plugins/convex/lane-facts.js";
import type { AuthInstance } from "../types.js";
import { clientsMade } from "./clients.js";
import { watchEnv } from "./env-watch.js";
import { digestOf } from "./facts.js";
import type { NotedFacts } from "./facts.js";

/** Read at the top of modules that `http.ts` and the app's auth share, before anybody could watch. */
const ALWAYS = ["SITE_URL", "CONVEX_SITE_URL", "BETTER_AUTH_SECRETS"];

/** Makes the app's instance once, and notes the facts about it. */
export interface Notes {
  load<Ctx extends object>(
    createAuth: (ctx: Ctx) => AuthInstance | Promise<AuthInstance>,
    ctx: Ctx,
  ): Promise<AuthInstance>;
  /** To be called when the instance has proved sound. What goes wrong concerns no answer, and is told in the log. */
  leave(auth: AuthInstance): Promise<void>;
}

/** The notes of one request. */
export function createNotes(place: string, push: string, key: CryptoKey): Notes {
  const names = new Set(ALWAYS);
  /** Whether everything that the instance is made from was seen. */
  let isWhole = false;
  return {
    async load(createAuth, ctx) {
      const before = clientsMade();
      const watch = watchEnv(names);
      const calls = watchedCalls(ctx);
      try {
        const auth = await createAuth(calls.ctx);
        await auth.$context;
        // A module that was evaluated with `http.ts` may have read variables that nobody noticed.
        isWhole = clientsMade() > before && !calls.any();
        return auth;
      } finally {
        calls.end();
        watch.stop();
      }
    },
    async leave(auth) {
      const context = await auth.$context;
      const store = carriedBy(context.adapter, "tokens") as TokenStore | undefined;
      if (!store?.noteLane) return;
      const watch = watchEnv(names);
      let facts: LaneFacts | null = null;
      try {
        if (isWhole) facts = factsOf(auth, context);
      } finally {
        watch.stop();
      }
      const variables = [...names].sort();
      const digest = await digestOf(variables, key);
      const noted: NotedFacts = { push, variables, digest, facts };
      const task = store.noteLane(place, JSON.stringify(noted), Date.now());
      backgroundOf(context.adapter)?.add(task, () =>
        console.warn("[convex-gate] What the fast lane needs to know could not be noted."),
      );
    },
  };
}

interface WithPlugins {
  getPlugin?(id: string): { laneFacts?(context: unknown): LaneFacts | null } | null | undefined;
}

function factsOf(auth: AuthInstance, context: object): LaneFacts | null {
  // Better Auth (1.7) gives both the same function: an app that put its own around it answers with that.
  if ((auth as { fetch?: unknown }).fetch !== auth.handler) return null;
  return (context as WithPlugins).getPlugin?.("convex")?.laneFacts?.(context) ?? null;
}

/** The same ctx, which tells whether something was asked of the deployment: options may then be anything. */
function watchedCalls<Ctx extends object>(
  ctx: Ctx,
): { ctx: Ctx; any: () => boolean; end: () => void } {
  let isOver = false;
  let called = false;
  const watched = new Proxy(ctx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (isOver) return value;
      if (typeof value === "function")
        return (...args: unknown[]): unknown => {
          called ||= !isOver;
          return Reflect.apply(value, target, args);
        };
      if (typeof value === "object" && value !== null) called = true;
      return value;
    },
  });
  return { ctx: watched, any: () => called, end: () => void (isOver = true) };
}
