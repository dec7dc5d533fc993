/** The parameter of a link that holds an invitation. */
export const INVITATION = "invitation";

/** The address at which an invitation can be accepted. */
export function invitationLink(id: string): string {
  const url = new URL(window.location.href);
  url.searchParams.set(INVITATION, id);
  url.hash = "team";
  return url.href;
}

/** The invitation whose link opened the page. */
export function invitationOfLink(): string | null {
  return new URLSearchParams(window.location.search).get(INVITATION);
}
