/** What the suite has to know of a framework. */

/** The addresses of a deployment. */
export interface Addresses {
  readonly url: string;
  readonly siteUrl: string;
}

/** A framework with a kit, and its example. */
export interface ServerKit {
  /** The example's folder below `examples`. */
  readonly name: string;
  /** Packages whose versions decide what is built, beside the example's own files and `convex-gate`. */
  readonly packages: readonly string[];
  /** What `npm run build` runs: a file below `node_modules`, and its arguments. */
  readonly build: readonly [file: string, ...args: string[]];
  /** What the server needs of what was built, in the example's folder. */
  readonly output: readonly string[];
  /** What runs the server in a folder that holds the output: arguments of Node, where `node_modules/` is the root's. */
  readonly start: (port: number) => readonly string[];
  /** The variables of a developer's `.env.local`: for the build, and for the server. */
  readonly env: (deployment: Addresses) => Readonly<Record<string, string>>;
  /** The page with the to-dos, and another one that shows the user's address, with the title of its link. */
  readonly home: string;
  readonly second: { readonly path: string; readonly link: string };
  /** The path to which whoever signs out is taken once the server has answered, where the app does that: what is typed before is lost. */
  readonly signedOutPath?: string;
  /** Data queries of the home page, each one `POST /api/query`. */
  readonly homeQueries: number;
}
