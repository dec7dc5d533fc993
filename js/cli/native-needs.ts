/** What the functions need for a native app: the client's half alone is refused. Pure. */
import type { SourceFile } from "./source-tree.js";

/** What no file of the functions has. */
export interface NativeLacks {
  /** `expo()` among the plugins. */
  readonly plugin: boolean;
  /** The app's scheme among the trusted origins; not claimed where they are more than a list of texts. */
  readonly scheme: boolean;
}

/** `scheme` is the app's, undefined where it is not known: then any scheme of an app's own will do. */
export function nativeLacks(
  functions: readonly Pick<SourceFile, "text">[],
  scheme: string | undefined,
): NativeLacks {
  const text = functions.map((file) => file.text).join("\n");
  const own = scheme === undefined ? /["'`](?!https?:|exp:)[a-z][\w.+-]*:\/\//i : undefined;
  const isNamed = own?.test(text) ?? text.includes(`${String(scheme)}://`);
  return { plugin: !/\bexpo\(/.test(text), scheme: !isNamed && !isComputed(text) };
}

/** Whether trusted origins come from somewhere else, as from a variable or a function. */
function isComputed(text: string): boolean {
  const others = text.replace(/\btrustedOrigins\s*:\s*\[(?:\s*(["'`])[^"'`$]*\1\s*,?)*\s*\]/g, "");
  return /\btrustedOrigins\b/.test(others);
}
