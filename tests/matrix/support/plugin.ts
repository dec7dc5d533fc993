/** What `plugins/<name>.ts` exports: one plugin's docs and cases. Its server half is `plugins/<name>.server.ts`. */
import type { Host } from "../../host/index.js";
import type { Browser } from "./browser.js";
import type { Mailbox } from "./mailbox.js";

/** A signed-up user and their browser. */
export interface Person extends Browser {
  id: string;
  email: string;
  password: string;
}

/** What a case works with. */
export interface Tools {
  host: Host;
  mailbox: Mailbox;
  /** The origin of the app's pages: the deployment's own, or another one. */
  readonly site: string;
  /** A browser of nobody. */
  browser(): Browser;
  /** Whoever speaks to the deployment and is no page of the app: a device, a server, a native app. */
  program(): Browser;
  /** Signs a new user up, uncounted. */
  person(name?: string): Promise<Person>;
  /** A word that no other case and no other run uses; letters and digits, lower case. */
  unique(prefix: string): string;
  /** Calls a public function of the app. */
  action(path: string, args?: Record<string, unknown>): Promise<unknown>;
  /** What `getAuthUser` of the app gives for the browser's Convex token. */
  me(browser: Browser): Promise<Record<string, unknown> | null>;
  /** Lines that functions have logged since the case began. */
  lines: string[];
}

/** An outside party that a plugin's cases talk to, and the variables by which the app finds it. */
export interface Party {
  env?: Record<string, string>;
  /** Origins of the Internet whose requests come here instead. */
  standsFor?: Record<string, string>;
  close(): Promise<void>;
}

/** One way through a plugin. */
export interface Case<P> {
  name: string;
  path: "happy" | "failure";
  /** The sets of the app, by key. @default the plugin's own, with default options */
  sets?: string[];
  /**
   * Runs once before it is counted. The first write to a table that no schema declares also notes its indexes, which
   * every later one reads.
   */
  warm?: true;
  run(tools: Tools, party: P): Promise<void>;
}

/** One plugin of the matrix. */
export interface MatrixPlugin<P extends Party = Party> {
  /** As in the file names; also the key of its server set with default options. */
  name: string;
  /** The npm package that it comes from. */
  package: string;
  /** The lines that an app adds. */
  lines: string;
  /** Anything that is particular to Convex, as Markdown. */
  notes?: string;
  /** Starts the outside party, for all cases of the plugin. */
  party?: (host: Host) => Promise<P>;
  cases: Case<P>[];
}

/** Lets a plugin's cases know the type of its party. */
export function definePlugin<P extends Party = Party>(plugin: MatrixPlugin<P>): MatrixPlugin {
  return plugin as unknown as MatrixPlugin;
}
