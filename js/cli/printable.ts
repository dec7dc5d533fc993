import { stripVTControlCharacters } from "node:util";

/** Long enough for every text of ours; what a deployment says may be of any length. */
const MOST_CHARACTERS = 1000;

/**
 * Text for one line of a terminal. What came from elsewhere could move the cursor, change what is
 * shown, set the clipboard (ECMA-48 escape sequences) or turn the reading direction (Unicode UAX 9).
 */
export function printable(text: string): string {
  const plain = stripVTControlCharacters(text).replaceAll(UNPRINTABLE, " ");
  return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain;
}

/** Control and format characters, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
