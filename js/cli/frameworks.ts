/** The frameworks that `init` and `doctor` know, and what they have to know of each. */

export const FRAMEWORKS = ["vite", "next", "start", "sveltekit", "expo", "none"] as const;

/** A name for `--framework`; `none` is whatever else, or whatever is done by hand: the Convex files alone. */
export type Framework = (typeof FRAMEWORKS)[number];

/** What a framework needs. */
export interface FrameworkFacts {
  readonly label: string;
  /** Packages beside `convex-gate`, `better-auth` and `convex`. */
  readonly packages: readonly string[];
  /** Where its development server listens unless the app says otherwise; undefined where the app has no web address. */
  readonly port: number | undefined;
  /** Whether the browser asks the deployment itself, so that `crossDomain()` and CORS are needed. */
  readonly isCrossDomain: boolean;
  /** The page with the sign-in form; undefined where none is written. */
  readonly signIn: string | undefined;
}

export const frameworkFacts: Readonly<Record<Framework, FrameworkFacts>> = {
  vite: {
    label: "React with Vite",
    packages: [],
    port: 5173,
    isCrossDomain: true,
    signIn: "/",
  },
  next: {
    label: "Next.js",
    packages: [],
    port: 3000,
    isCrossDomain: false,
    signIn: "/sign-in",
  },
  start: {
    label: "TanStack Start",
    packages: [],
    port: 3000,
    isCrossDomain: false,
    signIn: "/sign-in",
  },
  sveltekit: {
    label: "SvelteKit",
    packages: ["convex-svelte"],
    port: 5173,
    isCrossDomain: false,
    signIn: "/sign-in",
  },
  expo: {
    label: "Expo",
    packages: ["@better-auth/expo"],
    port: undefined,
    isCrossDomain: false,
    signIn: undefined,
  },
  none: {
    label: "another framework (the Convex files alone)",
    packages: [],
    port: 3000,
    isCrossDomain: false,
    signIn: undefined,
  },
};

/** What an app of React Router in framework mode is built with. */
export const REACT_ROUTER = "@react-router/dev";

/** The framework that these packages belong to. The order matters: three of them are built on Vite. */
export function frameworkOf(packages: ReadonlySet<string>): Framework | undefined {
  if (packages.has("next")) return "next";
  if (packages.has("@tanstack/react-start")) return "start";
  if (packages.has("@sveltejs/kit")) return "sveltekit";
  if (packages.has("expo")) return "expo";
  // React Router in framework mode has a server, which nothing here sets up.
  if (packages.has(REACT_ROUTER)) return undefined;
  if (packages.has("vite") && packages.has("react")) return "vite";
  return undefined;
}

/**
 * Whose Convex files an app needs: with `none` those of the framework that it has, of which only the app's own part is left
 * to whoever asked for it. What a native app has in its files (a scheme, a plugin) belongs to that part.
 */
export function backendOf(framework: Framework, found: Framework | undefined): Framework {
  return framework !== "none" || found === undefined || found === "expo" ? framework : found;
}

/** Where an app is in development, by its script `dev` or else its framework; undefined where neither says a port. */
export function developmentAddress(
  devScript: string,
  framework: Framework | undefined,
): string | undefined {
  const usual = framework === undefined ? undefined : frameworkFacts[framework].port;
  const port = /(?:--port|-p)[ =](\d+)/.exec(devScript)?.[1] ?? usual;
  return port === undefined ? undefined : `http://localhost:${String(port)}`;
}
