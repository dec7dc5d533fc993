/** One request that overtakes another: everything of it happens just before the other's first write arrives. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { getAuthTables } from "better-auth/db";
import type { ConvexGateStore } from "../../../js/adapter/index.js";
import { answeredInRace } from "../../../js/server/overtaken.js";
import { createBrowser } from "../../plugins/support/app.js";
import type { Browser } from "../../plugins/support/app.js";
import type { ComponentApp } from "../../support/component-app.js";
import { createComponentApp } from "../../support/component-app.js";

/** An app whose requests can be overtaken, answered as the mounted routes answer them. */
export interface RaceApp extends ComponentApp {
  /** The mails that were sent, each with its receiver and what it carries. */
  readonly mails: { to: string; carries: string }[];
  /** Runs `rival` before the next write of another request, or the next to a table, once. */
  overtake(rival: () => Promise<unknown>, table?: string): void;
  /** Whether the rival has run. */
  overtaken(): boolean;
  /** Each field that refers to a row which is not there, as `model.field`. */
  orphans(): Promise<string[]>;
}

export interface RaceOptions {
  /** A function gives each instance its own, which some plugins need. */
  readonly plugins?: BetterAuthPlugin[] | (() => BetterAuthPlugin[]);
  readonly options?: BetterAuthOptions;
  /** False for what Better Auth alone answers. */
  readonly repeating?: boolean;
  readonly mails?: RaceApp["mails"];
}

export function createRaceApp(given: RaceOptions = {}): RaceApp {
  const { plugins = [], options = {}, repeating = true, mails = [] } = given;
  let waiting: (() => Promise<unknown>) | undefined;
  let at: string | undefined;
  let done = false;

  async function first(table?: string): Promise<void> {
    const rival = waiting;
    if (!rival || (at !== undefined && at !== table)) return;
    waiting = undefined;
    await rival();
    done = true;
  }

  function overtakable(store: ConvexGateStore): ConvexGateStore {
    const { log } = store;
    return {
      ...store,
      async run(method, args) {
        if (!["findOne", "findMany", "count"].includes(method)) await first(args.model);
        return store.run(method, args);
      },
      ...(log && {
        log: {
          speculate: (steps) => log.speculate(steps),
          commit: async (steps) => (await first(), log.commit(steps)),
        },
      }),
    };
  }

  const pluginsOf = (): BetterAuthPlugin[] => (Array.isArray(plugins) ? plugins : plugins());
  const app = createComponentApp({
    options,
    store: overtakable,
    get plugins() {
      return pluginsOf();
    },
  });
  return {
    ...app,
    mails,
    browser: (): Browser =>
      createBrowser((request) =>
        repeating ? answeredInRace(app.auth(), request) : app.auth().handler(request),
      ),
    overtake(rival, table) {
      waiting = rival;
      at = table;
      done = false;
    },
    overtaken: () => done,
    async orphans() {
      const found = [];
      const tables = Object.entries(getAuthTables({ ...options, plugins: pluginsOf() }));
      for (const [model, { fields }] of tables) {
        for (const [field, { references }] of Object.entries(fields)) {
          if (!references) continue;
          const parents = await app.rows(references.model);
          const known = new Set([null, undefined, ...parents.map((row) => row[references.field])]);
          const rows = await app.rows(model);
          for (const row of rows) if (!known.has(row[field])) found.push(`${model}.${field}`);
        }
      }
      return found;
    },
  };
}
