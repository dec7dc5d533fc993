/** Makes rows of an export rows of the app's tables, by the same path as Better Auth's own writes, or says why not. */
import { createConvexGateAdapter } from "../../adapter/index.js";
import type { ConvexGateSearch } from "../../adapter/index.js";
import type { ConvexGateArguments, ConvexGateRules, ConvexGateStore } from "../../adapter/store.js";
import { isGateError } from "../../errors/index.js";
import type { RowNote, RowRefusal } from "../../import/protocol.js";
import type { PasswordRule } from "./passwords.js";
import { valueOf } from "./values.js";

type Row = Readonly<Record<string, unknown>>;

/** The parts of a Better Auth instance's context that tell what the app takes. */
export interface ImportContext {
  readonly options: object;
  /** Better Auth's schema, by canonical model name (1.7, `getAuthTables`). */
  readonly tables: Readonly<Record<string, { readonly fields: Readonly<Record<string, Field>> }>>;
  readonly socialProviders: readonly { readonly id: string }[];
  /**
   * Those of `genericOAuth()` whose addresses it has yet to ask for (1.7), by their ids: all that have a `discoveryUrl`, as a
   * mutation can ask nobody.
   */
  readonly genericOAuthPendingDiscovery?: ReadonlyMap<string, unknown>;
}

interface Field {
  readonly type: unknown;
  readonly required?: boolean | undefined;
  readonly defaultValue?: unknown;
  readonly onUpdate?: unknown;
  readonly fieldName?: string | undefined;
  readonly references?: { readonly model: string } | undefined;
}

/** A row that can be sent to the component. */
export interface PreparedRow {
  readonly row: { readonly model: string; readonly data: object; readonly added: string[] };
  readonly rules: ConvexGateRules;
}

/** What preparing a row came to. */
export type Prepared = { readonly notes: RowNote[] } & (
  PreparedRow | { readonly refusal: RowRefusal }
);

type Creation = ConvexGateArguments["create"];

/** Tables of which the deployment makes its own rows: keys that only the old deployment can read, and counters. */
const NOT_CARRIED: readonly string[] = ["jwks", "rateLimit"];

/** Models whose e-mail address Better Auth looks up in lower case (1.7). */
const LOWERCASE: readonly string[] = ["user", "invitation"];

/** Binds the preparation to an app. */
export function createPreparation(
  context: ImportContext,
  { search, passwordRule }: { search: ConvexGateSearch | undefined; passwordRule: PasswordRule },
): (model: string, row: Row) => Promise<Prepared> {
  const { tables, options } = context;
  const providers = new Set([
    "credential",
    ...context.socialProviders.map(({ id }) => id),
    ...(context.genericOAuthPendingDiscovery?.keys() ?? []),
  ]);
  const now = Date.now();
  const captured: Creation[] = [];
  const store = {
    run(_method: string, args: Creation) {
      captured.push(args);
      return Promise.resolve(args.data);
    },
    tokens: {},
  } as unknown as ConvexGateStore;
  // Better Auth's own factory names columns, fills in defaults and keeps what it keeps as text.
  const adapter = createConvexGateAdapter({ store, search })(options as never);

  return async (model, row) => {
    const notes: RowNote[] = [];
    const refuse = (refusal: RowRefusal): Prepared => ({ notes, refusal });
    if (NOT_CARRIED.includes(model)) return refuse({ code: "NOT_CARRIED" });
    const fields = Object.hasOwn(tables, model) ? tables[model]?.fields : undefined;
    if (!fields) return refuse({ code: "UNKNOWN_MODEL" });
    if (typeof row["id"] !== "string" || row["id"] === "") return refuse({ code: "ID_MISSING" });

    const data: Record<string, unknown> = { id: row["id"] };
    for (const [field, value] of Object.entries(row)) {
      if (field === "id" || value === undefined) continue;
      const shape = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (!shape) {
        if (value !== null) notes.push({ code: "UNKNOWN_FIELD", field });
        continue;
      }
      const taken = valueOf(value, shape.type);
      if (taken === undefined) return refuse({ code: "INVALID_VALUE", field });
      data[field] = taken;
    }
    const given = Object.keys(data);

    if (typeof data["email"] === "string" && LOWERCASE.includes(model)) {
      const email = data["email"].toLowerCase();
      if (email !== data["email"]) notes.push({ code: "EMAIL_LOWERCASE", field: "email" });
      data["email"] = email;
    }
    for (const [field, { required, defaultValue, onUpdate }] of Object.entries(fields)) {
      if (field === "id" || required === false || isSet(data[field]) || isSet(defaultValue))
        continue;
      // What is set whenever the row changes was last set when it was made.
      if (typeof onUpdate !== "function") return refuse({ code: "REQUIRED_MISSING", field });
      data[field] = data["createdAt"] ?? new Date(now);
    }
    const { expiresAt } = data;
    if (model !== "invitation" && expiresAt instanceof Date && expiresAt.getTime() <= now)
      return refuse({ code: "EXPIRED" });
    if (model === "account") {
      const provider = String(data["providerId"]);
      if (!providers.has(provider)) notes.push({ code: "UNKNOWN_PROVIDER", value: provider });
      const refused = isSet(data["password"]) && passwordRule(String(data["password"]));
      if (refused) return refuse({ code: "PASSWORD_REFUSED", field: "password", ...refused });
    }

    try {
      await adapter.create({ model, data: data as { id: string }, forceAllowId: true });
    } catch (error) {
      const code = isGateError(error, "VALUE_TOO_LARGE") ? "VALUE_TOO_LARGE" : "INVALID_VALUE";
      if (!isGateError(error)) throw error;
      const { field } = error.meta ?? {};
      return refuse({ code, ...(typeof field === "string" ? { field } : {}) });
    }
    const written = captured.pop();
    if (!written) throw new Error("the adapter created nothing");
    const known = new Set(given.map((field) => fields[field]?.fieldName ?? field));
    const added = Object.keys(written.data).filter((column) => !known.has(column));
    return {
      notes,
      rules: written.rules ?? {},
      row: { model: written.model, data: written.data, added },
    };
  };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
