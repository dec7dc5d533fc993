/** The half of a plugin's matrix entry that is bundled into the app. Nothing here may import Node or a test library. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";

/** The deployment's variables. Reading one that a set needs and nobody set throws. */
export type Environment = (name: string) => string;

/** What an app adds to use a plugin: the plugin itself and options elsewhere that belong to it. */
export interface ServerSet {
  plugins?: (env: Environment) => BetterAuthPlugin[];
  options?: (env: Environment) => Partial<BetterAuthOptions>;
  /** Instead of `[convex(), ...plugins]`, for options that the app passes to `convex()` itself. */
  convexOptions?: { jwt?: { claims?: string[] } };
}

/** Sets by key: `name` for a plugin with default options, `name:variant` for others. */
export type ServerSets = Record<string, ServerSet>;

/** The variable `MATRIX`: which sets the deployment's app is made of, and where its pages are. */
export interface Choice {
  sets: string[];
  /** Whether `convex()` stands before or after the others; `none` is for comparison. @default "first" */
  convex?: "first" | "last" | "none";
  /** Whether the app's pages are on another origin than the deployment: `crossDomain()` is there. @default false */
  twoOrigins?: boolean;
}

/** What an app would send by e-mail or SMS goes to a mailbox of the tests over HTTP. */
export async function deliver(
  env: Environment,
  to: string,
  message: Record<string, unknown>,
): Promise<void> {
  const response = await fetch(env("MAILBOX_URL"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to, message }),
  });
  if (!response.ok) throw new Error(`the mailbox answered ${String(response.status)}`);
}
