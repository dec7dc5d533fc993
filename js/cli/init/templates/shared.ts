/** Files that several frameworks have. */
import { addVariable } from "../patches/dotenv.js";
import type { Project } from "../project.js";
import type { Need, WantedFile } from "../wanted-file.js";

/** A file that is written where it is not there, and is the app's own where it is. */
export function ownFile(
  path: string,
  text: string,
  mark: RegExp,
  lines: string = text,
): WantedFile {
  return { path, text, mark, lines };
}

/** A module of the app's that others import, whose name could be another. */
export function module(path: string, text: string, mark: RegExp): WantedFile {
  return { ...ownFile(path, text, mark), isRenamable: true };
}

/** A route of ours where a file of the app's, if there is one, answers already. */
export function route(file: WantedFile, there: string | undefined): WantedFile {
  return there === undefined ? file : { ...file, inPlaceOf: `${there}, which answers there` };
}

/** What every provider asks for. */
export function sessionState({ functions }: Project): Need {
  return { path: `${functions}/auth.ts`, name: "sessionState" };
}

/** The auth client of a React app on one origin. */
export const oneOriginClient = `import { createAuthClient } from "better-auth/react";
import { convexClient } from "convex-gate/client/plugins";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`;

/** The app's address, which its server has to know. The Convex CLI writes the deployment's into the same file. */
export function addressVariable(name: string, appUrl: string): WantedFile {
  const line = `${name}=${appUrl}\n`;
  return {
    path: ".env.local",
    text: line,
    patch: addVariable(name, appUrl),
    lines: line,
  };
}
