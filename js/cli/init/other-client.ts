/** Convex's client and provider where an app has them outside of the file that ours go into. */
import { found, parsed } from "./patches/edit.js";
import { tagOf } from "./patches/jsx.js";
import type { Project } from "./project.js";

const CLIENT = /^Convex(?:React|Query)Client$/;
const PROVIDER = /^Convex(?:(?:Auth(?:Nextjs)?|BetterAuth)?Provider|ProviderWith\w+)$/;
const EITHER = /\bConvex(?:React|Query)Client\s*\(|<Convex\w*Provider/;

/**
 * What makes place for our provider: of two, the inner one without auth would win, and every protected query fail. Undefined
 * where there is none in a file other than `root`, into which ours goes.
 */
export function otherClient({ sources }: Project, root: string): string | undefined {
  const file = sources().find(
    ({ path, text }) => path !== root && !isOurs(text) && !isTest(path) && has(path, text),
  );
  return file && `the Convex client and provider of ${file.path}`;
}

function has(path: string, text: string): boolean {
  if (!EITHER.test(text)) return false;
  const source = parsed(text, path);
  // In doubt it is there: a person looks then.
  if (!source) return true;
  return (
    found(source, "NewExpression").some(
      ({ callee }) => callee.type === "Identifier" && CLIENT.test(callee.name),
    ) || found(source, "JSXElement").some((element) => PROVIDER.test(tagOf(element) ?? ""))
  );
}

/** Such as the module with our provider, and a client that is given to it. */
function isOurs(text: string): boolean {
  return /["']convex-gate\//.test(text);
}

function isTest(path: string): boolean {
  return /\.(?:test|spec|stories)\.\w+$|(?:^|\/)(?:tests?|e2e|__\w+__)\//.test(path);
}
