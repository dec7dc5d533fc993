/**
 * What is not counted by rate limits unless the app has a rule for it: questions about one's own session and public documents.
 * Nothing can be guessed there, they are most of the traffic, and to count one costs as much as to answer it. No flow ends there.
 */
export const UNCOUNTED: readonly string[] = [
  "/get-session",
  "/convex/token",
  "/convex/get-token",
  "/convex/jwks",
  "/convex/.well-known/openid-configuration",
];
