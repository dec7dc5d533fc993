/** `convex-gate/nextjs`: auth on the server of a Next.js app, 15 and 16. */
export { createNextAuth } from "./create-next-auth.js";
export type { NextAuth, NextAuthOptions, NextHandler } from "./create-next-auth.js";
export type { NextProxy, ProxyOptions } from "./proxy.js";
export type { PreloadedAuthQuery } from "./preload.js";
export type { AuthState, RequestAuth } from "../ssr/index.js";
