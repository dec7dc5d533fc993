/** The tables of `@convex-dev/auth` 0.0.x, by its `authTables`. */
import type { ConvexExport, Document } from "../convex-export.js";
import { STAND_IN, addressOf, providerOf, standInAddress } from "../people.js";
import type { Dropped, SourceRecord } from "../source.js";
import type { Walk } from "../table-walk.js";

type Reading = Omit<SourceRecord, "position">;

/** What becomes of each. */
export function walksOfFirst({ tables }: ConvexExport): Walk[] {
  const own = (name: string) => tables.filter((table) => !table.component && table.name === name);
  return [
    ...own("users").map((table) => ({ table, read: userOf })),
    ...own("authAccounts").map((table) => ({ table, read: accountOf })),
    ...Object.entries(LEFT).flatMap(([name, left]) => own(name).map((table) => ({ table, left }))),
  ];
}

const SHORT_LIVED = {
  code: "SHORT_LIVED",
  why: "codes and links that wait to be used stay behind: whoever has one asks for another",
};
const SESSION = {
  code: "SESSION",
  why: "sessions stay behind, they are of another kind: everybody signs in once more",
};
const LEFT: Record<string, Pick<Dropped, "code" | "why">> = {
  authSessions: SESSION,
  authRefreshTokens: SESSION,
  authVerificationCodes: SHORT_LIVED,
  authVerifiers: SHORT_LIVED,
  authRateLimits: { code: "COUNTER", why: "rate limits count from zero" },
};

/** Fields that an app has added stay under their names. */
function userOf({ _id: id, _creationTime: time, ...fields }: Document): Reading {
  const { name, email, emailVerificationTime, phone, phoneVerificationTime, ...others } = fields;
  const address = addressOf(email);
  const created = Math.floor(time);
  const row = {
    ...others,
    id,
    name: typeof name === "string" ? name : "",
    email: address ?? standInAddress(id),
    emailVerified: address !== undefined && typeof emailVerificationTime === "number",
    ...(typeof phone === "string"
      ? { phoneNumber: phone, phoneNumberVerified: typeof phoneVerificationTime === "number" }
      : {}),
    createdAt: created,
    updatedAt: created,
  };
  return {
    rows: [{ model: "user", row }],
    ...(address === undefined ? { dropped: [{ model: "user", id, ...STAND_IN }] } : {}),
  };
}

function accountOf({ _id: id, _creationTime: time, ...fields }: Document): Reading {
  const { userId, provider, providerAccountId, secret, emailVerified } = fields;
  const dates = { createdAt: Math.floor(time), updatedAt: Math.floor(time) };
  const name = String(provider);
  // An app may give its passwords another name than `password`; no other account has a secret.
  if (typeof secret === "string") {
    const credential = { providerId: "credential", accountId: userId, password: secret };
    return { rows: [{ model: "account", row: { id, userId, ...credential, ...dates } }] };
  }
  const way = wayWithoutAccount(name, String(providerAccountId), emailVerified);
  if (way) return { rows: [], dropped: [{ model: "authAccounts", id, ...way }] };
  const account = { providerId: providerOf(name), accountId: providerAccountId };
  return { rows: [{ model: "account", row: { id, userId, ...account, ...dates } }] };
}

/** Ways to sign in for which Better Auth keeps no account: it finds the user by the address, the number or the row itself. */
function wayWithoutAccount(
  provider: string,
  accountId: string,
  verified: unknown,
): Pick<Dropped, "code" | "why"> | undefined {
  if (provider === "anonymous")
    return {
      code: "ANONYMOUS",
      why: "Better Auth keeps no account for anonymous users: their rows come along, but nobody can sign in to them",
    };
  // An address alone is no sign: an OpenID provider may know its users by theirs. That a code was entered which went there is,
  // and the account has that noted; where none was, the name has to tell, since the export does not have a provider's kind.
  if (accountId.includes("@") && (verified === accountId || isOfMail(provider)))
    return {
      code: "BY_EMAIL",
      why: "sign-in by e-mail needs no account: magicLink() and emailOTP() find the user by the address",
    };
  // Social providers number their users too, but without a plus.
  if (/^\+\d{6,}$/.test(accountId))
    return {
      code: "BY_PHONE",
      why: "sign-in by phone needs no account: phoneNumber() finds the user by the number",
    };
  return undefined;
}

/** What names of providers that send mails are made of, in the documentation of Convex Auth and of Auth.js. */
const MAIL = new Set([
  "email",
  "forwardemail",
  "loops",
  "magic",
  "mail",
  "mailgun",
  "nodemailer",
  "otp",
  "postmark",
  "resend",
  "sendgrid",
]);

/** Whether a provider sends links or codes by mail, by the words of its name. */
function isOfMail(provider: string): boolean {
  const words = provider.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^A-Za-z]+/);
  return words.some((word) => MAIL.has(word.toLowerCase()));
}
