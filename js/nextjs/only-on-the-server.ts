/**
 * What `convex-gate/nextjs` is in a browser's build (see `exports` in package.json): it has none of its names, so a Client
 * Component that imports one fails to build, and the bundler names this file.
 */
export {};
