/** A Convex export with the tables of `@convex-dev/better-auth` in it (its component, as of 0.12.5, or a local install). */
import { GateError } from "../../../errors/index.js";
import type { Document, Table } from "../convex-export.js";
import { inImportOrder } from "../source.js";
import type { Dropped, Source, SourceRecord } from "../source.js";
import { openWalked } from "../table-walk.js";
import type { Walk } from "../table-walk.js";

/** Opens it. */
export function openCba(path: string): Promise<Source> {
  return openWalked("cba", path, (file) => {
    const component = componentOf(file.tables, path);
    const tables = file.tables.filter((table) => table.component === component);
    const names = tables.map(({ name }) => name);
    const now = Date.now();
    return (order) => inImportOrder(names, order).map((name) => walkOf({ component, name }, now));
  });
}

const REQUIRED = ["user", "account", "session"];

/** The component is called what the app calls it. */
function componentOf(tables: readonly Table[], path: string): string {
  const names = [...new Set(tables.map(({ component }) => component))];
  const found = names.filter((component) =>
    REQUIRED.every((name) =>
      tables.some((table) => table.component === component && table.name === name),
    ),
  );
  const [component] = found;
  if (component === undefined)
    throw new GateError(
      "IMPORT_FORM",
      `${path} has no component with tables user, account and session: is it an export of the deployment whose auth is @convex-dev/better-auth?`,
    );
  if (found.length > 1)
    throw new GateError(
      "IMPORT_FORM",
      `${path} has several components with tables user, account and session (${found.join(", ")}): unpack it and remove the folders of all but one`,
    );
  return component;
}

/** Tables that stay behind, and why. */
const LEFT: Record<string, Pick<Dropped, "code" | "why">> = {
  jwks: {
    code: "SIGNING_KEY",
    why: "signing keys stay behind: this deployment makes its own, and clients fetch a new token by their session",
  },
  verification: {
    code: "SHORT_LIVED",
    why: "codes and links that wait to be used stay behind: whoever has one asks for another",
  },
  deviceCode: {
    code: "SHORT_LIVED",
    why: "codes and links that wait to be used stay behind: whoever has one asks for another",
  },
  rateLimit: { code: "COUNTER", why: "rate limits count from zero" },
  ...Object.fromEntries(
    ["oauthApplication", "oauthAccessToken", "oauthConsent"].map((table) => [
      table,
      {
        code: "OIDC_PROVIDER",
        why: "the OIDC provider plugin is gone from Better Auth 1.7: its clients register at @better-auth/oauth-provider, and people consent again",
      },
    ]),
  ),
};

/** Models whose rows have both dates; old rows may lack them. */
const DATED = new Set(["user", "session", "account"]);

function walkOf(table: Table, now: number): Walk {
  const left = LEFT[table.name];
  return left ? { table, left } : { table, read: (document) => recordOf(table, document, now) };
}

function recordOf(
  { name: model }: Table,
  { _id: id, _creationTime: time, ...fields }: Document,
  now: number,
): Omit<SourceRecord, "position"> {
  if (typeof fields["id"] === "string")
    throw new GateError(
      "IMPORT_FORM",
      "these rows have an id beside their _id: this is an export of convex-gate itself, which `npx convex import` takes",
    );
  if (model === "session" && typeof fields["expiresAt"] === "number" && fields["expiresAt"] <= now)
    return { rows: [], dropped: [{ model, id, ...EXPIRED }] };
  const { issuer, ...others } = fields;
  const created = Math.floor(time);
  const dates = DATED.has(model) ? { createdAt: created, updatedAt: created } : {};
  const hasIssuer = model === "account" && issuer !== undefined && issuer !== null;
  return {
    rows: [{ model, row: { ...dates, ...(model === "account" ? others : fields), id } }],
    ...(hasIssuer ? { dropped: [{ model, id, field: "issuer", ...ISSUER }] } : {}),
  };
}

const EXPIRED = { code: "EXPIRED", why: "sessions that have expired stay behind" };
const ISSUER = {
  code: "OTHER_VERSION",
  why: "account.issuer existed in Better Auth 1.7.0 to 1.7.2 alone",
};
