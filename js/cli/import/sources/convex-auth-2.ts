/**
 * The tables of Convex Auth 2, by its components' schemas (get-convex/convex-auth at e97e632, August 2026): users are the
 * app's, what they sign in with is in components.
 */
import { coseOfPoint, coseOfRsa } from "../cose.js";
import type { ConvexExport, Document, Table } from "../convex-export.js";
import { STAND_IN, addressOf, providerOf, standInAddress } from "../people.js";
import type { Dropped, SourceRecord } from "../source.js";
import type { Walk } from "../table-walk.js";

type Reading = Omit<SourceRecord, "position">;

/** What becomes of each. Addresses and usernames have tables of their own, and are read first. */
export async function walksOfSecond(file: ConvexExport): Promise<Walk[]> {
  const inComponents = (name: string): Table[] =>
    file.tables.filter((table) => table.component && table.name === name);
  const known = new Map<string, Known>();
  const note = (userId: unknown, what: Known): void => {
    if (typeof userId === "string") known.set(userId, { ...known.get(userId), ...what });
  };
  for (const table of inComponents("verifiedEmails"))
    for await (const { userId, email, isPrimary } of file.documents(table))
      if (isPrimary === true) note(userId, { email });
  for (const table of inComponents("usernames"))
    for await (const { userId, username, usernameNormalized } of file.documents(table))
      note(userId, { username: usernameNormalized, displayUsername: username });
  const users = file.tables.filter((table) => !table.component && table.name === "users");
  return [
    ...users.map((table) => ({ table, read: (one: Document) => userOf(one, known.get(one._id)) })),
    ...inComponents("passwords").map((table) => ({ table, read: passwordOf })),
    ...inComponents("passkeys").map((table) => ({ table, read: passkeyOf })),
    ...inComponents("accounts").map((table) => ({ table, read: accountOf })),
    ...Object.entries(LEFT).flatMap(([name, left]) =>
      inComponents(name).map((table) => ({ table, left })),
    ),
  ];
}

interface Known {
  email?: unknown;
  username?: unknown;
  displayUsername?: unknown;
}

const SHORT_LIVED = {
  code: "SHORT_LIVED",
  why: "codes and links that wait to be used stay behind: whoever has one asks for another",
};
const LEFT: Record<string, Pick<Dropped, "code" | "why">> = {
  sessions: {
    code: "SESSION",
    why: "sessions stay behind, they are of another kind: everybody signs in once more",
  },
  challenges: SHORT_LIVED,
  pendingValidations: SHORT_LIVED,
};

/** Fields of the app stay under their names. */
function userOf({ _id: id, _creationTime: time, ...fields }: Document, known: Known = {}): Reading {
  const { email: verified, ...username } = known;
  const address = addressOf(verified) ?? addressOf(fields["email"]);
  const created = Math.floor(time);
  const { name } = fields;
  const fallback = username.displayUsername ?? "";
  const row = {
    ...fields,
    ...username,
    id,
    name: typeof name === "string" ? name : fallback,
    email: address ?? standInAddress(id),
    // The app's own field is not known to be verified.
    emailVerified: addressOf(verified) !== undefined,
    createdAt: created,
    updatedAt: created,
  };
  return {
    rows: [{ model: "user", row }],
    ...(address === undefined ? { dropped: [{ model: "user", id, ...STAND_IN }] } : {}),
  };
}

function passwordOf({ _id: id, _creationTime: time, ...fields }: Document): Reading {
  const { userId, passwordHashPHC } = fields;
  const created = Math.floor(time);
  const row = {
    id,
    userId,
    providerId: "credential",
    accountId: userId,
    password: passwordHashPHC,
    createdAt: created,
    updatedAt: created,
  };
  return { rows: [{ model: "account", row }] };
}

/** Early versions of the alpha hold the bare key with the name of its algorithm, later ones what WebAuthn gives (COSE). */
function passkeyOf({ _id: id, _creationTime: time, ...fields }: Document): Reading {
  const { userId, name, credentialId, publicKey, algorithm, counter, transports } = fields;
  const key = bytesOf(publicKey);
  const cose =
    algorithm === "ES256" ? coseOfPoint(key) : algorithm === "RS256" ? coseOfRsa(key) : key;
  if (!cose || cose.length === 0)
    return { rows: [], dropped: [{ model: "passkey", id, ...PASSKEY_KEY }] };
  const row = {
    id,
    userId,
    ...(typeof name === "string" ? { name } : {}),
    credentialID:
      typeof credentialId === "string"
        ? credentialId
        : Buffer.from(bytesOf(credentialId)).toString("base64url"),
    publicKey: Buffer.from(cose).toString("base64"),
    counter,
    // Not noted there. A passkey that can be on several devices says so itself when it is used.
    deviceType: "singleDevice",
    backedUp: false,
    ...(Array.isArray(transports) ? { transports: transports.join(",") } : {}),
    createdAt: Math.floor(time),
  };
  return { rows: [{ model: "passkey", row }] };
}

const PASSKEY_KEY = {
  code: "PASSKEY_KEY",
  why: "the public key of the passkey is of no form that is known: its owner registers it again",
};

/** What its own components hold needs no account; the rest are social providers. */
const IN_COMPONENTS = new Set(["password", "passkey", "username", "anonymous"]);

function accountOf({ _id: id, _creationTime: time, ...fields }: Document): Reading {
  const { userId, provider, providerAccountId } = fields;
  if (IN_COMPONENTS.has(String(provider))) return { rows: [] };
  const created = Math.floor(time);
  const row = {
    id,
    userId,
    providerId: providerOf(String(provider)),
    accountId: providerAccountId,
    createdAt: created,
    updatedAt: created,
  };
  return { rows: [{ model: "account", row }] };
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return typeof value === "string" ? Buffer.from(value, "base64") : new Uint8Array();
}
