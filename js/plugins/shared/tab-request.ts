/** Which requests came from a tab that keeps its cookies itself. They look like any other once they are translated. */

const tabRequests = new WeakMap<Request, URL>();

/** Remembers a translated request, and the page to which its relative addresses are relative. */
export function markTabRequest(request: Request, page: URL): Request {
  tabRequests.set(request, page);
  return request;
}

/** The page of a request that is a tab's. */
export function tabPageOf(request: Request | undefined): URL | undefined {
  return request && tabRequests.get(request);
}

/** True when the request is one of a cross-domain client: no server reads its cookies, so it needs no JWT among them. */
export function isTabRequest(request: Request | undefined): boolean {
  return request !== undefined && tabRequests.has(request);
}
