/** Names that browsers with ES2022 and `fetch` may not have, nor React Native: what ships to them does without. */

/** Functions of a class or of the page, by their whole names. */
const FUNCTIONS = [
  ...["URL.canParse", "URL.parse", "AbortSignal.any", "AbortSignal.timeout", "Response.json"],
  ...["Promise.withResolvers", "Promise.try", "Object.groupBy", "Map.groupBy", "Array.fromAsync"],
  ...["Iterator.from", "RegExp.escape", "Error.isError", "Math.sumPrecise", "ReadableStream.from"],
  ...["Uint8Array.fromBase64", "Uint8Array.fromHex", "crypto.randomUUID", "crypto.subtle"],
  ...["structuredClone", "requestIdleCallback", "reportError", "navigator.locks"],
];

/** Methods of values, whatever those are called. */
const METHODS = [
  ...["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"],
  ...["isWellFormed", "toWellFormed", "toBase64", "toHex", "setFromBase64", "transfer"],
  ...["union", "intersection", "difference", "symmetricDifference"],
  ...["isSubsetOf", "isSupersetOf", "isDisjointFrom", "getOrInsert", "getOrInsertComputed"],
  ...["throwIfAborted", "getSetCookie"],
];

/** Other syntax is refused by the compiler, or put into older. */
const SYNTAX = [/\bSymbol\.(?:asyncD|d)ispose\b/, /\busing [\w$]+=/, /\bimport\b[^;]*\bwith\{/];

const NEWER: readonly RegExp[] = [
  ...FUNCTIONS.map((name) => new RegExp(`(?<![\\w$])${name.replace(".", "\\.")}\\b`)),
  ...METHODS.map((name) => new RegExp(`\\.${name}\\(`)),
  ...SYNTAX,
];

/** Those that code without comments and needless spaces names. */
export function newerNames(code: string): string[] {
  return NEWER.flatMap((name) => name.exec(code)?.[0] ?? []);
}
