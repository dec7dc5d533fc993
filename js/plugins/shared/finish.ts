import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";

type Hooks = NonNullable<BetterAuthPlugin["hooks"]>;
type AfterHook = NonNullable<Hooks["after"]>[number];
type BeforeHook = NonNullable<Hooks["before"]>[number];

/**
 * Options for a plugin's `init` to return so that `handler` runs after the after-hooks of every
 * plugin of the app, and `before` after their before-hooks.
 *
 * Better Auth runs after-hooks in the order of `plugins`, and later ones may undo what earlier ones
 * saw: two-factor deletes the session that a password sign-in has just made. What reacts to the
 * finished response must therefore come last wherever the app lists our plugin. Options returned by
 * `init` are merged into the app's, and arrays are appended (Better Auth 1.7, `runPluginInit`),
 * which puts this hook at the end.
 */
export function runLast(
  id: string,
  handler: AfterHook["handler"],
  before?: BeforeHook,
): Partial<BetterAuthOptions> {
  const hooks = { after: [{ matcher: () => true, handler }], ...(before && { before: [before] }) };
  return { plugins: [{ id, hooks }] };
}
