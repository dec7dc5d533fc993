/** What the instance in Convex's own runtime and the one in Node say to each other: one request, and its answer. */

/** A request of single sign-on. */
export type SsoRequest = {
  url: string;
  method: string;
  headers: string[][];
  body: ArrayBuffer | null;
  /** The page of the tab that it is of, where tabs keep their cookies themselves. */
  page: string | null;
};

/** What Better Auth answered in Node. */
export type SsoAnswer = {
  status: number;
  headers: string[][];
  body: ArrayBuffer | null;
};

/** A request for the way to Node; `page` is its tab's. */
export async function packedRequest(request: Request, page: URL | undefined): Promise<SsoRequest> {
  const { url, method, headers } = request;
  const body = method === "GET" ? null : await bytesOf(request);
  return { url, method, headers: [...headers], body, page: page?.href ?? null };
}

/** The request in Node. */
export function unpackedRequest({ url, method, headers, body }: SsoRequest): Request {
  return new Request(url, { method, headers: headers as [string, string][], body });
}

/** An answer for the way back. */
export async function packedAnswer(answer: Response): Promise<SsoAnswer> {
  return { status: answer.status, headers: [...answer.headers], body: await bytesOf(answer) };
}

/** The answer that Node gave. */
export function unpackedAnswer({ status, headers, body }: SsoAnswer): Response {
  return new Response(body, { status, headers: headers as [string, string][] });
}

/** Null for nothing: Better Auth reads a body that is there, and answers without content must have none. */
async function bytesOf(message: Request | Response): Promise<ArrayBuffer | null> {
  const bytes = await message.arrayBuffer();
  return bytes.byteLength > 0 ? bytes : null;
}
