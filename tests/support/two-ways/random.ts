/**
 * What may differ between two ways of doing the same at the same moment, because it is drawn. These are all of the rules:
 *
 * - a JWT's `jti`, and with it the signature; the signature alone where the algorithm draws a number for it (ES256);
 * - of a new row: its id, its place in the order of what was written, and Convex's own fields.
 *
 * The clock stands still meanwhile, so no time differs.
 */

const JWT = /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g;

/** A text in which nothing that was drawn is left. */
export function withoutDrawn(text: string): string {
  return text.replace(JWT, (jwt) => {
    const [header = "", payload = "", signature = ""] = jwt.split(".");
    const { jti, ...claims } = parsed(payload);
    const { alg, ...rest } = parsed(header);
    const isDrawn = jti !== undefined || !/^(RS|Ed)/.test(String(alg));
    return JSON.stringify([
      { alg, ...rest },
      { ...claims, ...(jti === undefined ? {} : { jti: "drawn" }) },
      isDrawn ? "drawn" : signature,
    ]);
  });
}

function parsed(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
}
