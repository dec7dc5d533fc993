/** What an `Authorization` header is taken for (convex-backend, August 2026: `local_backend/src/authentication.rs`). */
import { Refusal } from "./refusal.js";

/** A user's token or an admin's key. */
export type Authorization = { token: string } | { adminKey: string };

/** Reads a header; null where there is none. Throws the refusal of a header that is neither. */
export function readAuthorization(header: string | null): Authorization | null {
  if (header === null) return null;
  if (header.length < 7) throw new Refusal("InvalidHeaderFailure", "Invalid authentication header");
  const rest = header.slice(7);
  switch (header.slice(0, 7).toLowerCase()) {
    case "convex ":
      return { adminKey: rest };
    case "bearer ":
      if (rest !== "") return { token: rest };
  }
  throw new Refusal("InvalidAdminKey", "Invalid admin key");
}
