/**
 * The layers, lowest first: the one table of them. `layers.test.ts` holds the imports against it, and
 * `docs/architecture.md` shows it.
 */

/** Files that belong together, and what they may import. */
export interface Layer {
  readonly name: string;
  /** What it holds, as the page says it. */
  readonly holds: string;
  /** Its folders and files, from the house's root; the layer's name where there is but that one. */
  readonly parts?: readonly string[];
  /** The layers that it imports. Without it: any below. */
  readonly knows?: readonly string[];
}

/** A part of the repository with layers of its own. */
export interface House {
  readonly title: string;
  /** The folder that paths of its parts begin at, with a slash at its end. */
  readonly root: string;
  readonly layers: readonly Layer[];
}

export const CORE: House = {
  title: "`crates/gate-core/src`",
  root: "crates/gate-core/src/",
  layers: [
    { name: "values", holds: "values and records, faults, arguments read out of records" },
    { name: "filter", holds: "`where`: parsed, and judging rows" },
    { name: "schema", holds: "tables, their native indexes, the names of index entries" },
    { name: "database", holds: "the seam: scans, writes, and what one transaction can hold" },
    { name: "rows", holds: "what a row is inside and outside, and the rules that it keeps" },
    { name: "planner", holds: "from a filter and an order to index ranges" },
    { name: "writes", holds: "writes as data, carried out at once" },
    { name: "entries", holds: "index entries: what a native index is to a field that has none" },
    { name: "query", holds: "reading rows: plan, scan, filter, order, page" },
    { name: "operations", holds: "Better Auth's adapter, sessions, keys, house-keeping" },
  ],
};

export const JWT: House = {
  title: "`crates/gate-jwt/src`",
  root: "crates/gate-jwt/src/",
  layers: [
    { name: "texts", holds: "base64url, strict JSON", parts: ["base64url", "json"] },
    {
      name: "crypto",
      holds: "algorithms, and the check of a signature",
      parts: ["algorithm", "crypto"],
    },
    { name: "error", holds: "what can be wrong with a token, a key set, a policy" },
    { name: "token", holds: "a token taken apart", parts: ["header", "jws"] },
    {
      name: "keys",
      holds: "one key, its reading, and sets of keys",
      parts: ["key", "key_entry", "key_set"],
    },
    { name: "policy", holds: "what a caller expects of the claims", parts: ["policy", "claims"] },
    {
      name: "verify",
      holds: "the whole way of a token; signed cookies",
      parts: ["verify", "cookie"],
    },
  ],
};

export const PACKAGE: House = {
  title: "`js` and `convex`",
  root: "",
  layers: [
    { name: "js/errors", holds: "`GateError` and its codes", knows: [] },
    {
      name: "js/protocol",
      holds: "what the component and the app's side agree on: shapes of rows, changes, limits",
      knows: [],
    },
    {
      name: "js/import",
      holds:
        "what the command and the app say to each other in an import of users, and which rows can be created",
      knows: [],
    },
    {
      name: "js/plugins/shared",
      holds:
        "what plugins share, on the server and in the browser: names of headers and parameters, and how both are read",
      knows: [],
    },
    { name: "convex/_generated", holds: "types of the component, made by the CLI", knows: [] },
    { name: "js/utils", holds: "kinds of ctx, cookies, headers, addresses", knows: ["js/errors"] },
    { name: "js/auth-config", holds: "issuer, paths and keys", knows: ["js/errors"] },
    { name: "js/wasm", holds: "the wasm modules and their loop", knows: ["js/errors"] },
    {
      name: "js/jwt",
      holds: "tokens, verified",
      knows: ["js/errors", "js/utils", "js/wasm"],
    },
    { name: "js/password", holds: "password hashes", knows: ["js/errors", "js/wasm"] },
    {
      name: "js/component",
      holds: "the component's functions, and what they share",
      knows: ["js/errors", "js/protocol", "js/import", "convex/_generated", "js/wasm"],
    },
    {
      name: "convex",
      holds: "the component: its functions under the names that they are called by",
      knows: ["js/errors", "js/protocol", "js/import", "convex/_generated", "js/component"],
    },
    {
      name: "js/adapter",
      holds: "Better Auth's adapter, on the app's side",
      knows: ["js/errors", "js/protocol", "convex/_generated"],
    },
    {
      name: "js/plugins",
      holds: "`convex()`, `crossDomain()` and `ssoInNode()`",
      knows: [
        "js/errors",
        "js/protocol",
        "js/plugins/shared",
        "js/utils",
        "js/auth-config",
        "js/password",
        "js/adapter",
      ],
    },
    {
      name: "js/server",
      holds: "`createClient`, routes and their fast lane, triggers, import",
      knows: [
        "js/errors",
        "js/protocol",
        "js/import",
        "js/plugins/shared",
        "convex/_generated",
        "js/utils",
        "js/auth-config",
        "js/password",
        "js/adapter",
        "js/plugins",
      ],
    },
    { name: "js/session", holds: "who is signed in, without the rest", knows: ["js/server"] },
    { name: "js/http", holds: "the routes, without the rest", knows: ["js/server"] },
    {
      name: "js/test",
      holds: "the component for `convex-test`",
      knows: ["js/protocol", "convex/_generated", "js/auth-config", "convex", "js/adapter"],
    },
    {
      name: "js/client",
      holds:
        "the state of a signed-in browser; plugins of the client, which name their servers' types",
      knows: ["js/plugins/shared", "js/utils", "js/plugins"],
    },
    { name: "js/react", holds: "components and hooks", knows: ["js/errors", "js/client"] },
    {
      name: "js/svelte",
      holds: "state and queries for Svelte components",
      knows: ["js/errors", "js/client"],
    },
    { name: "js/expo", holds: "what a phone needs", knows: ["js/errors", "js/client"] },
    {
      name: "js/ssr",
      holds: "rendering on a server",
      knows: ["js/errors", "js/utils", "js/auth-config", "js/client"],
    },
    {
      name: "js/nextjs",
      holds: "the kit for Next.js",
      knows: ["js/utils", "js/auth-config", "js/client", "js/react", "js/ssr"],
    },
    {
      name: "js/tanstack-start",
      holds: "the kit for TanStack Start",
      knows: ["js/errors", "js/auth-config", "js/client", "js/react", "js/ssr"],
    },
    {
      name: "js/sveltekit",
      holds: "the kit for SvelteKit",
      knows: ["js/auth-config", "js/client", "js/ssr"],
    },
    {
      name: "js/cli",
      holds: "`npx convex-gate`",
      knows: [
        "js/errors",
        "js/import",
        "js/plugins/shared",
        "js/utils",
        "js/auth-config",
        "js/plugins",
      ],
    },
  ],
};
