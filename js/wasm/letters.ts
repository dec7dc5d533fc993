/** What rows weigh, for whoever reads them: Convex lets a transaction read 16 MiB, and a row has up to one. */

/** About how large a value is; a number counts as those eight bytes that Convex holds it in. */
export function lettersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value !== "object" || value === null) return 8;
  let letters = 0;
  for (const member of Object.values(value)) letters += lettersIn(member);
  return letters;
}
