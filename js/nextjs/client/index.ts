"use client";
/** `convex-gate/nextjs/client`: what Client Components do with the queries that a Server Component preloaded. */
export type { PreloadedAuthQuery } from "../preload.js";
export { usePreloadedAuthQuery } from "./use-preloaded-auth-query.js";
