/** What a browser calls itself, in two words. The first that fits counts: most browsers also name others. */
const BROWSERS = [/Edg/, /OPR/, /Firefox/, /Chrome/, /Safari/];
const SYSTEMS = [/Android/, /iPhone/, /iPad/, /Windows/, /Mac OS/, /Linux/];
const NAMES: Record<string, string> = { Edg: "Edge", OPR: "Opera", "Mac OS": "macOS" };

/** The browser and system of a session, such as “Firefox on Linux”. */
export function deviceName(userAgent: string | null | undefined): string {
  const [browser, system] = [BROWSERS, SYSTEMS].map((known) => {
    const found = known.map((pattern) => pattern.exec(userAgent ?? "")?.[0]).find(Boolean);
    return found === undefined ? undefined : (NAMES[found] ?? found);
  });
  return `${browser ?? "A browser"} on ${system ?? "some device"}`;
}
