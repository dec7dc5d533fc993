import { changedRequest } from "./changed-request.js";

const OTHERS = ["sec-fetch-site", "sec-fetch-dest", "origin", "referer"];

/**
 * The request without a `Sec-Fetch-Mode` that no browser sent. Node's `fetch` adds the header to whatever it sends, and so to
 * what a server of the app passes on for a native app; Better Auth (1.7, `validateFormCsrf`) takes it for a browser's,
 * and refuses the sign-in that has no origin. Browsers send `Sec-Fetch-Site` and `Sec-Fetch-Dest` along with it.
 */
export function withoutLoneFetchMode(request: Request): Request {
  const { headers } = request;
  if (!headers.has("sec-fetch-mode") || OTHERS.some((name) => headers.has(name))) return request;
  return changedRequest(request, (own) => own.delete("sec-fetch-mode"));
}
