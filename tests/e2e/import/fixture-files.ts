/** Where the exports of other systems are, and what both their makers and the tests need to know. */
import { join } from "node:path";

/** Programs run from the repository's root, as tests do. */
const here = join(process.cwd(), "tests/e2e/import");

export const fixtures = join(here, "fixtures");

/** Apps of the other packages. That of `@convex-dev/better-auth` needs `npm ci` in it first. */
export const sources = join(here, "sources");

/** The origin of the app's pages: that of its passkeys too. */
export const ORIGIN = "http://localhost:5173";

/** `BETTER_AUTH_SECRET` there and here: cookies and second factors are of no use under another. */
export const SECRET = "the secret that an app takes along when it moves";
