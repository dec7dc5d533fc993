/** An answer as it is compared: status, headers, cookies and body. */

/** What a client is given. */
export interface Answered {
  readonly status: number;
  /** By name, and joined where one is there twice, but for cookies. Their order means nothing (RFC 9110 section 5.3). */
  readonly headers: Readonly<Record<string, string>>;
  /** In their order: of two with one name the later counts. */
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Reads an answer and leaves it to be read once more. */
export async function answeredOf(response: Response): Promise<Answered> {
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => name !== "set-cookie").sort(),
  );
  return {
    status: response.status,
    headers,
    cookies: response.headers.getSetCookie(),
    body: await response.clone().text(),
  };
}
