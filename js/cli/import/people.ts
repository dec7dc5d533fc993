/** What systems other than Better Auth have in common when their users become its users. */

/** An address as it was typed; the import writes it in lower case, as Better Auth looks it up, and says so. */
export function addressOf(email: unknown): string | undefined {
  return typeof email === "string" && email.includes("@") ? email.trim() : undefined;
}

/**
 * Every user of Better Auth has an address. One that cannot exist (`.invalid`, RFC 2606) stands for that of a user who has
 * none, such as one who signs in by phone or by username.
 */
export function standInAddress(id: string): string {
  return `${id.toLowerCase().replace(/[^a-z0-9._-]/g, "-")}@no-address.invalid`;
}

/** For the report. */
export const STAND_IN = {
  code: "NO_EMAIL",
  why: "Better Auth needs an e-mail address: a user without one gets a stand-in that ends in @no-address.invalid",
};

/** Providers that Better Auth calls by another name than Auth.js (Convex Auth) or Clerk. */
const RENAMED: Readonly<Record<string, string>> = {
  "azure-ad": "microsoft",
  "microsoft-entra-id": "microsoft",
  x: "twitter",
  linkedin_oidc: "linkedin",
};

/** Better Auth's name of a social provider; names that it does not know stay as they are. */
export function providerOf(name: string): string {
  return RENAMED[name] ?? name;
}
