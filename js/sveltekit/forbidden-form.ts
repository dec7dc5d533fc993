import type { RequestEvent } from "@sveltejs/kit";

/** What a form of another site can send without asking: the methods, and types of bodies, that SvelteKit checks (2.70). */
const METHODS = ["POST", "PUT", "PATCH", "DELETE"];
const FORM_TYPES = [
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "text/plain",
  "application/x-sveltekit-formdata",
];

/** The refusal of a form that another site's page sends; null for every other request. */
export function forbiddenForm({ request, url }: RequestEvent): Response | null {
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!METHODS.includes(request.method) || !FORM_TYPES.includes(type)) return null;
  if (request.headers.get("origin") === url.origin) return null;
  return new Response(`Cross-site ${request.method} form submissions are forbidden`, {
    status: 403,
  });
}
