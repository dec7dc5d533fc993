/** A person's browser as far as auth goes: a cookie jar and Better Auth's HTTP endpoints. */

/** A JSON answer of an endpoint. */
export interface Answer {
  status: number;
  headers: Headers;
  // Bodies are what the endpoint under test sends: the checks look at their members one by one.
  body: Record<string, unknown> | null;
}

/** One browser profile against one deployment. */
export interface AuthSession {
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** The JWT for Convex, or null when the endpoint says that nobody is signed in. */
  token(fresh: boolean): Promise<string | null>;
  cookie(name: string): string | undefined;
}

/**
 * Opens a profile, without cookies unless `jar` brings some. `origin` is the app's origin, which Better Auth checks on
 * state-changing requests.
 */
export function openAuthSession(
  siteUrl: string,
  origin: string,
  jar = new Map<string, string>(),
): AuthSession {
  async function send(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers({
      origin,
      ...(init.body ? { "content-type": "application/json" } : {}),
    });
    if (jar.size > 0)
      headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(`${siteUrl}/api/auth${path}`, {
      ...init,
      headers,
      redirect: "manual",
    });
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line);
    return {
      status: response.status,
      headers: response.headers,
      body: readBody(await response.text()),
    };
  }

  const session: AuthSession = {
    get: (path) => send(path, { method: "GET" }),
    post: (path, body) => send(path, { method: "POST", body: JSON.stringify(body) }),
    async token(fresh) {
      const path = `/convex/token${fresh ? "?fresh=1" : ""}`;
      // Convex's client may ask once more while everything is being shut down.
      const { status, body } = await session.get(path).catch(() => ({ status: 0, body: null }));
      return status === 200 && typeof body?.["token"] === "string" ? body["token"] : null;
    },
    cookie: (name) => jar.get(name),
  };
  return session;
}

/** Puts what a `Set-Cookie` line says into a jar, or takes it out. */
export function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";");
  const split = pair.indexOf("=");
  const name = pair.slice(0, split).trim();
  const value = pair.slice(split + 1).trim();
  const expired = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
  if (expired || value === "") jar.delete(name);
  else jar.set(name, value);
}

/** A JSON body, or null where there is none. */
export function readBody(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
