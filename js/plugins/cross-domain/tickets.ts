/** What waits for the tab for a minute: navigations that arrived at the deployment, and pages that it answered with. */
import type { AuthContext } from "better-auth";
import { generateRandomString, symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { base64Url } from "../convex/jwt.js";

/** Enough for a page load, too short for anything else. */
const LIFETIME_MS = 60_000;

const model = "verification";

/** A navigation that was parked. */
export interface ParkedNavigation {
  readonly kind: "navigation";
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  /** The text of a form post. */
  readonly body: string | null;
  /** The key of the page whose form it is, where the browser had one. */
  readonly formKey?: string | undefined;
}

/** A document of Better Auth that only the deployment's own origin can show. */
export interface KeptPage {
  readonly kind: "page";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A character for each byte. */
  readonly body: string;
  /** Where the document has a form: its key, and the page of the tab that has it, too. */
  readonly form?: { readonly key: string; readonly home: string } | undefined;
}

/** What a ticket stands for. */
export type Kept = ParkedNavigation | KeptPage;

type KeptAs<Kind extends Kept["kind"]> = Extract<Kept, { kind: Kind }>;

/** How much it takes to keep something. A row has it twice, in hex, and has a megabyte (Convex). */
export function bytesOf(kept: Kept): number {
  return new TextEncoder().encode(JSON.stringify(kept)).length;
}

/**
 * Keeps something under a random single-use ticket. The row has the ticket's hash and an encrypted value, so reading the
 * table gives neither a ticket nor the codes and tokens of a flow.
 */
export async function keep(context: AuthContext, kept: Kept): Promise<string> {
  const ticket = generateRandomString(32);
  const now = new Date();
  const row = {
    identifier: await identifierOf(ticket),
    value: await symmetricEncrypt({ key: context.secretConfig, data: JSON.stringify(kept) }),
    expiresAt: new Date(now.getTime() + LIFETIME_MS),
  };
  if (hasTable(context))
    await context.adapter.create({ model, data: { ...row, createdAt: now, updatedAt: now } });
  else await context.internalAdapter.createVerificationValue(row);
  return ticket;
}

/** What a ticket stands for, or null when it is unknown, used, over or for something else. Uses the ticket up. */
export async function redeem<Kind extends Kept["kind"]>(
  context: AuthContext,
  kind: Kind,
  ticket: string,
): Promise<KeptAs<Kind> | null> {
  const identifier = await identifierOf(ticket);
  const row = hasTable(context)
    ? await context.adapter.consumeOne<{ value: string }>({
        model,
        where: [
          { field: "identifier", value: identifier },
          { field: "expiresAt", operator: "gt", value: new Date() },
        ],
      })
    : // Null for a row that is over, too (Better Auth 1.7).
      await context.internalAdapter.consumeVerificationValue(identifier);
  if (!row) return null;
  try {
    const text = await symmetricDecrypt({ key: context.secretConfig, data: row.value });
    const kept = JSON.parse(text) as KeptAs<Kind>;
    return kept.kind === kind ? kept : null;
  } catch {
    // The secret was changed meanwhile.
    return null;
  }
}

/**
 * Better Auth's own way (1.7) looks for the newest of several rows and deletes the others, in a transaction of six calls; a
 * ticket has one row, which the adapter finds and deletes in one. There is no table where the app keeps such values in a
 * secondary storage alone.
 */
function hasTable({ options }: AuthContext): boolean {
  return !options.secondaryStorage || options.verification?.storeInDatabase === true;
}

async function identifierOf(ticket: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
  return `cross-domain:${base64Url(new Uint8Array(digest))}`;
}
