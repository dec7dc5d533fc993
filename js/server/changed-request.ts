/** The request with changed headers: itself where they can be changed, else a copy, as runtimes may make them immutable. */
export function changedRequest(request: Request, change: (headers: Headers) => void): Request {
  try {
    change(request.headers);
    return request;
  } catch {
    const headers = new Headers(request.headers);
    change(headers);
    return new Request(request, { headers });
  }
}
