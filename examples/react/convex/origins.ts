/**
 * Whether the app's server passes `/api/auth` on, as those of the examples that render on a server do. These functions are
 * theirs too; an app of your own has one set-up and no variable for it (docs/one-origin.md).
 */
export const isOneOrigin = process.env.ONE_ORIGIN === "on";
