/** Users and sessions as functions see them, where nobody has said what an app and its plugins add to them. */
import type { Value } from "convex/values";

/** A user as Convex functions see it. Dates are ms since the epoch, since Convex values hold no `Date`. */
export interface AuthUser {
  /** The same as `id`; equals the JWT's `sub`, so either can be stored in the app's own tables. */
  _id: string;
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  image: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Milliseconds since the epoch. */
  updatedAt: number;
  /** Fields that plugins or the app added. */
  [field: string]: Value | undefined;
}

/** A session of which only the core's fields are known. */
export interface AuthSession {
  id: string;
  token: string;
  userId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  [field: string]: unknown;
}
