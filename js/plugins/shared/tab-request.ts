/** Which requests came from a tab that keeps its cookies itself. They look like any other once they are translated. */

const tabRequests = new WeakSet<Request>();

/** Remembers a translated request. */
export function markTabRequest(request: Request): Request {
  tabRequests.add(request);
  return request;
}

/** True when the request is one of a cross-domain client: no server reads its cookies, so it needs no JWT among them. */
export function isTabRequest(request: Request | undefined): boolean {
  return request !== undefined && tabRequests.has(request);
}
