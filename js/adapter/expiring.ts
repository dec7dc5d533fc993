/** Models of Better Auth and its official packages whose rows are of no use after a time. */

/** The field that says when a row's time is over, and for how long it stays after that, in ms. */
export interface ConvexGateExpiry {
  field: string;
  keep: number;
}

/** Whoever comes late is told for a day that it is too late, and not that it never was. */
export const DAY = 86_400_000;

const afterADay: ConvexGateExpiry = { field: "expiresAt", keep: DAY };

/** By the models' own names. */
export const expiring: ReadonlyMap<string, ConvexGateExpiry> = new Map([
  ["apikey", afterADay],
  ["deviceCode", afterADay],
  // A token lives a day at most, and so long a key that signs no more is published.
  ["gateKeys", { field: "retiredAt", keep: 2 * DAY }],
  ["gateTokens", afterADay],
  ["oauthAccessToken", afterADay],
  ["oauthClientAssertion", afterADay],
  ["oauthRefreshToken", afterADay],
  // A window of an app may be a month.
  ["rateLimit", { field: "lastRequest", keep: 31 * DAY }],
  ["session", afterADay],
  ["verification", afterADay],
]);

/** When the rows of a model are over, by the model's own name; undefined for one whose rows stay. */
export function expiryOf(modelKey: string): ConvexGateExpiry | undefined {
  return expiring.get(modelKey);
}
