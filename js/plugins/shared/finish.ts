import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { asOwn } from "./own-plugins.js";

type Hooks = NonNullable<BetterAuthPlugin["hooks"]>;
/** A hook that sees what an endpoint answered. */
export type AfterHook = NonNullable<Hooks["after"]>[number];
type BeforeHook = NonNullable<Hooks["before"]>[number];

/**
 * Options for a plugin's `init` to return so that `hooks` run after the after-hooks of every plugin
 * of the app, in this order, and `before` after their before-hooks.
 *
 * Better Auth runs after-hooks in the order of `plugins`, and later ones may undo what earlier ones
 * saw: two-factor deletes the session that a password sign-in has just made. What reacts to the
 * finished response must therefore come last wherever the app lists our plugin. Options returned by
 * `init` are merged into the app's, and arrays are appended (Better Auth 1.7, `runPluginInit`),
 * which puts these hooks at the end.
 */
export function runLast(
  id: string,
  hooks: AfterHook[],
  before?: BeforeHook,
): Partial<BetterAuthOptions> {
  const plugin = { id, hooks: { after: hooks, ...(before && { before: [before] }) } };
  return { plugins: [asOwn(plugin)] };
}
