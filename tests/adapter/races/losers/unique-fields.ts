/** Every group of fields that must be unique, of Better Auth's core and of the plugins that this package is tested with. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scim } from "@better-auth/scim";
import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { createSchemaRules } from "../../../../js/adapter/rules.js";
import type { ServerSets } from "../../../matrix/support/server-set.js";

const folder = fileURLToPath(new URL("../../../matrix/plugins", import.meta.url));

/** Sets of the plugin matrix whose unique fields are the app's own. */
const OF_THE_APP = /^(additional-fields|renamed-models)/;

const managedConnections = { credentialHashSecret: "a-secret-of-the-tests-with-enough-length" };

/** What the matrix has not: it is tested elsewhere, or it is an option that brings more tables. */
const more: ServerSets = {
  sso: { plugins: () => [sso() as BetterAuthPlugin] },
  "scim:managed": {
    plugins: () => [scim({ connections: [], managedConnections }) as BetterAuthPlugin],
  },
};

/** The groups that the adapter keeps unique, as `model.field` or `model.field+field`, sorted. */
export async function uniqueFields(): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".server.ts"));
  const modules = files.map((file) => import(join(folder, file)) as Promise<{ sets: ServerSets }>);
  const matrix = (await Promise.all(modules)).map(({ sets }) => sets);
  const all = Object.entries(Object.assign({}, more, ...matrix) as ServerSets);
  const found = all
    .filter(([key]) => !OF_THE_APP.test(key))
    .flatMap(([, { plugins, options }]) => {
      const used = { ...options?.(variable), plugins: plugins?.(variable) ?? [] };
      const tables = getAuthTables(used);
      const rules = createSchemaRules(tables, (model) => model);
      return Object.keys(tables).flatMap((model) =>
        (rules.forWrite(model).unique ?? []).map((group) => `${model}.${group.join("+")}`),
      );
    });
  return [...new Set(found)].sort();
}

/** No request is made: any address does. */
const variable = (): string => "https://example.com";

/**
 * Unique fields whose value is drawn at random and taken from no request, like the `id` of every table, and of how much.
 * No request can be after the value of another. One that drew it all the same is refused like the losers of the table, and
 * draws another when it is answered a second time.
 */
export const RANDOM: Readonly<Record<string, string>> = {
  "session.token": "32 letters and digits",
  "oauthAccessToken.token": "the hash of 32 letters; an app that makes its own has to draw them",
  "oauthRefreshToken.token": "the hash of 32 letters; an app that makes its own has to draw them",
  "scimUser.orderKey": "the time and 16 letters and digits",
  "scimGroup.orderKey": "the time and 16 letters and digits",
  "scimManagedConnection.connectionId": "a prefix and 32 letters and digits",
  "scimManagedCredential.credentialId": "a prefix and 32 letters and digits",
};
