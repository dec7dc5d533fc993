/** The application id in `auth.config.ts` and the audience (`aud`) of every token. */
export const APPLICATION_ID = "convex";
