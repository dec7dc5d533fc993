/**
 * What may differ between two ways of doing the same at the same moment, because it is drawn. These are all of the rules:
 *
 * - a JWT's `jti`, and with it the signature; the signature alone where the algorithm draws a number for it (ES256);
 * - of a new row: its id, its place in the order of what was written, and Convex's own fields;
 * - a key that was made for the request: its row's texts, the members of its JWK, and signatures by it.
 *
 * The clock stands still meanwhile, so no time differs.
 */

const JWT = /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g;

/** A text in which nothing that was drawn is left; `secrets` are those of {@link drawnIn} that the request drew. */
export function withoutDrawn(text: string, secrets: readonly string[] = []): string {
  const read = text.replace(JWT, (jwt) => {
    const [header = "", payload = "", signature = ""] = jwt.split(".");
    const { jti, ...claims } = parsed(payload);
    const { alg, ...rest } = parsed(header);
    const isDrawn =
      jti !== undefined || !/^(RS|Ed)/.test(String(alg)) || secrets.includes(String(rest["kid"]));
    return JSON.stringify([
      { alg, ...rest },
      { ...claims, ...(jti === undefined ? {} : { jti: "drawn" }) },
      isDrawn ? "drawn" : signature,
    ]);
  });
  return secrets.reduce((all, secret) => all.replaceAll(secret, "drawn"), read);
}

/** The tables of keys, ours and those of Better Auth's `jwt()`. */
const KEY_TABLES = new Set(["gateKeys", "jwks"]);

/** What was drawn for new rows: of keys alone is it seen elsewhere. */
export function drawnIn(table: string, document: Readonly<Record<string, unknown>>): string[] {
  if (!KEY_TABLES.has(table)) return [];
  return ["id", "publicKey", "privateKey"].flatMap((name) => textsIn(document[name]));
}

/** Texts that are no names, those within JSON too. */
function textsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  if (typeof value !== "string" || value.length < 12) return [];
  try {
    return textsIn(JSON.parse(value));
  } catch {
    return [value];
  }
}

function parsed(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
}
