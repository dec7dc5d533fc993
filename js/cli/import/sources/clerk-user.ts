/** A user of Clerk, as a user and accounts of Better Auth. */
import { STAND_IN, addressOf, providerOf, standInAddress } from "../people.js";
import type { Dropped, SourceRecord, SourceRow } from "../source.js";

/** The columns of its CSV and the members of its API's JSON; its SDK writes the latter in camel case. */
export interface ClerkUser {
  readonly [field: string]: unknown;
}

/** What a user becomes. `fallbackTime` (ms) is when the user began if neither the file nor the id says so. */
export function recordOfClerkUser(
  user: ClerkUser,
  id: string,
  fallbackTime: number,
): Omit<SourceRecord, "position"> {
  const { email, emailVerified } = emailOf(user);
  const createdAt = timeOf(field(user, "created_at")) ?? timeOfId(id) ?? Math.floor(fallbackTime);
  const dates = { createdAt, updatedAt: timeOf(field(user, "updated_at")) ?? createdAt };
  const accounts = accountsOf(user, id, dates);
  return {
    rows: [
      {
        model: "user",
        row: {
          id,
          name: nameOf(user),
          email: email ?? standInAddress(id),
          emailVerified,
          ...usernameOf(user),
          ...phoneOf(user),
          ...pictureOf(user),
          ...metadataOf(user),
          ...(user["banned"] === true || user["banned"] === "true" ? { banned: true } : {}),
          ...dates,
        },
      },
      ...accounts.map((row) => ({ model: "account", row })),
    ],
    dropped: [
      ...(email === undefined ? [{ model: "user", id, ...STAND_IN }] : []),
      ...leftOf(user, id),
    ],
  };
}

/** A member by its name in the API, or as the SDK writes it. */
function field(user: ClerkUser, name: string): unknown {
  return user[name] ?? user[name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function listOf(value: unknown): ClerkUser[] {
  return Array.isArray(value) ? (value as ClerkUser[]) : [];
}

/** A cell with several values. */
function cellOf(value: unknown): string[] {
  return (text(value) ?? "").split(/[|,;\s]+/).filter((one) => one !== "");
}

function nameOf(user: ClerkUser): string {
  const parts = [text(field(user, "first_name")), text(field(user, "last_name"))];
  return parts.filter((part) => part !== undefined).join(" ") || (text(user["username"]) ?? "");
}

function emailOf(user: ClerkUser): { email: string | undefined; emailVerified: boolean } {
  const all = listOf(field(user, "email_addresses"));
  const primary = field(user, "primary_email_address_id");
  const chosen = all.find(({ id }) => id === primary) ?? all[0];
  const email =
    addressOf(user["primary_email_address"]) ?? addressOf(chosen && field(chosen, "email_address"));
  const verified = [
    ...cellOf(field(user, "verified_email_addresses")),
    ...all.filter(isVerified).map((one) => text(field(one, "email_address"))),
  ].map((address) => address?.toLowerCase());
  return { email, emailVerified: email !== undefined && verified.includes(email.toLowerCase()) };
}

function isVerified({ verification }: ClerkUser): boolean {
  return (verification as { status?: unknown } | null | undefined)?.status === "verified";
}

function phoneOf(user: ClerkUser): Record<string, unknown> {
  const all = listOf(field(user, "phone_numbers"));
  const primary = field(user, "primary_phone_number_id");
  const chosen = all.find(({ id }) => id === primary);
  const phoneNumber =
    text(user["primary_phone_number"]) ?? text(chosen && field(chosen, "phone_number"));
  if (phoneNumber === undefined) return {};
  const phoneNumberVerified =
    cellOf(field(user, "verified_phone_numbers")).includes(phoneNumber) ||
    (chosen !== undefined && isVerified(chosen));
  return { phoneNumber, phoneNumberVerified };
}

function usernameOf(user: ClerkUser): Record<string, unknown> {
  const username = text(user["username"]);
  return username === undefined
    ? {}
    : { username: username.toLowerCase(), displayUsername: username };
}

/** A picture that Clerk has drawn itself goes with Clerk. */
function pictureOf(user: ClerkUser): Record<string, unknown> {
  const image = text(field(user, "image_url"));
  return image === undefined || field(user, "has_image") === false ? {} : { image };
}

/** Under the SDK's names, for apps that declare such fields. */
function metadataOf(user: ClerkUser): Record<string, unknown> {
  const names = ["public_metadata", "private_metadata", "unsafe_metadata"];
  const entries = names.map((name) => {
    const value = field(user, name);
    const hasAny = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    return [name.replace("_m", "M"), hasAny ? value : undefined] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function accountsOf(user: ClerkUser, userId: string, dates: Record<string, unknown>): SourceRow[] {
  const password = text(field(user, "password_digest"));
  const credential =
    password === undefined
      ? []
      : [{ id: `${userId}-credential`, providerId: "credential", accountId: userId, password }];
  const social = listOf(field(user, "external_accounts")).flatMap((one) => {
    const { id, accountId } = socialOf(one);
    if (id === undefined || accountId === undefined || !isOwned(one)) return [];
    const providerId = providerOf(String(one["provider"]).replace(/^(oauth_)?(custom_)?/, ""));
    const scope = text(field(one, "approved_scopes"))?.replaceAll(" ", ",");
    return [{ id, providerId, accountId, ...(scope === undefined ? {} : { scope }) }];
  });
  return [...credential, ...social].map((row) => ({ ...row, userId, ...dates }));
}

function socialOf(one: ClerkUser): { id: string | undefined; accountId: string | undefined } {
  const accountId = text(field(one, "provider_user_id")) ?? text(one["externalId"]);
  return { id: text(one["id"]), accountId };
}

/** One whose owner has yet to come back from the provider is nobody's: it would let a stranger in. */
function isOwned(one: ClerkUser): boolean {
  return !isSet(one["verification"]) || isVerified(one);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function leftOf(user: ClerkUser, id: string): Dropped[] {
  const hasSecond = text(field(user, "totp_secret")) ?? field(user, "totp_enabled");
  const others = [
    ...cellOf(field(user, "verified_email_addresses")),
    ...cellOf(field(user, "unverified_email_addresses")),
  ];
  const hasOthers = Math.max(others.length, listOf(field(user, "email_addresses")).length) > 1;
  return [
    ...(hasSecond === undefined || hasSecond === false ? [] : [{ model: "user", id, ...TOTP }]),
    ...listOf(field(user, "external_accounts")).flatMap((one) => {
      const social = socialOf(one);
      const own = { model: "account", id: social.id ?? id };
      if (social.id === undefined || social.accountId === undefined)
        return [{ ...own, ...NO_ACCOUNT_ID }];
      return isOwned(one) ? [] : [{ ...own, ...UNVERIFIED }];
    }),
    ...(hasOthers ? [{ model: "user", id, field: "verified_email_addresses", ...ADDRESSES }] : []),
  ];
}

const TOTP = {
  code: "TWO_FACTOR",
  why: "second factors stay behind: Better Auth encrypts theirs with the deployment's secret, and Clerk exports no backup codes; these users turn it on again",
};
const UNVERIFIED = {
  code: "UNVERIFIED",
  why: "the social account was never verified at Clerk, so it may be a stranger's: its owner links it again",
};
const NO_ACCOUNT_ID = {
  code: "NO_ACCOUNT_ID",
  why: "the social account lacks its id or that of the provider: its owner links it again",
};
const ADDRESSES = {
  code: "MORE_ADDRESSES",
  why: "a user of Better Auth has one e-mail address: only the primary one is taken",
};

/** A date as ms since the epoch, of ms or of text. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === "number" ? value : Date.parse(text(value) ?? "");
  return Number.isFinite(time) ? time : undefined;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Clerk's ids are KSUIDs: 160 bits in base 62, of which the first 32 are seconds since 2014-05-13T16:53:20Z. */
function timeOfId(id: string): number | undefined {
  const digits = /^user_([0-9A-Za-z]{27})$/.exec(id)?.[1];
  if (digits === undefined) return undefined;
  let value = 0n;
  for (const digit of digits) value = value * 62n + BigInt(ALPHABET.indexOf(digit));
  return (Number(value >> 128n) + 1_400_000_000) * 1000;
}
