/**
 * Runs inside every fresh context after the prelude. Node's web classes belong to the host's realm: what they make and
 * throw would fail `instanceof` in here, which on Convex it does not. Like the prelude it must be self-contained.
 */

/** What the host passes in. */
export interface RealmHooks {
  isNativeError: (value: unknown) => boolean;
  isArrayBuffer: (value: unknown) => boolean;
  isUint8Array: (value: unknown) => boolean;
  isPromise: (value: unknown) => boolean;
}

type Subtle = (...args: unknown[]) => Promise<unknown>;

/** Makes `instanceof` and JSON bodies work across the two realms; gives the function that adopts a host's request. */
export function bridgeRealms(hooks: RealmHooks): (value: unknown) => unknown {
  const scope = globalThis as unknown as Record<string, unknown>;
  const ordinary = Function.prototype[Symbol.hasInstance];
  const widen = (constructor: object, alsoAccepts: (value: unknown) => boolean): void => {
    Object.defineProperty(constructor, Symbol.hasInstance, {
      configurable: true,
      value(this: unknown, value: unknown): boolean {
        // A subclass inherits this method but none of its tolerance.
        return ordinary.call(this as never, value) || (this === constructor && alsoAccepts(value));
      },
    });
  };
  const HostDOMException = scope["DOMException"] as typeof DOMException;
  widen(Error, (value) => hooks.isNativeError(value) || value instanceof HostDOMException);
  for (const kind of [RangeError, SyntaxError, TypeError]) {
    widen(kind, (value) => hooks.isNativeError(value) && (value as Error).name === kind.name);
  }
  widen(ArrayBuffer, hooks.isArrayBuffer);
  widen(Uint8Array, hooks.isUint8Array);
  widen(Promise, hooks.isPromise);

  const HostRequest = scope["Request"] as typeof Request;
  const HostResponse = scope["Response"] as typeof Response;
  class LocalRequest extends HostRequest {
    override async json(): Promise<unknown> {
      return JSON.parse(await this.text()) as unknown;
    }
    override clone(): Request {
      return Object.setPrototypeOf(super.clone(), LocalRequest.prototype) as Request;
    }
  }
  class LocalResponse extends HostResponse {
    static override json(data: unknown, init?: ResponseInit): Response {
      const headers = new Headers(init?.headers);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
      return new LocalResponse(JSON.stringify(data), { ...init, headers });
    }
    static override redirect(url: string | URL, status?: number): Response {
      return Object.setPrototypeOf(
        HostResponse.redirect(url, status),
        LocalResponse.prototype,
      ) as Response;
    }
    static override error(): Response {
      return Object.setPrototypeOf(HostResponse.error(), LocalResponse.prototype) as Response;
    }
    override async json(): Promise<unknown> {
      return JSON.parse(await this.text()) as unknown;
    }
    override clone(): Response {
      return Object.setPrototypeOf(super.clone(), LocalResponse.prototype) as Response;
    }
  }
  const define = (name: string, value: object): void => {
    Object.defineProperty(value, "name", { value: name, configurable: true });
    Object.defineProperty(scope, name, { value, writable: true, configurable: true });
  };
  define("Request", LocalRequest);
  define("Response", LocalResponse);

  // Plain data of the host's realm as that of this one; class instances stay what they are.
  const relocate = (value: unknown, seen: Map<unknown, unknown>): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = seen.get(value);
    if (known !== undefined) return known;
    if (hooks.isArrayBuffer(value) || hooks.isUint8Array(value)) {
      const copy = new Uint8Array(new Uint8Array(value as ArrayBuffer));
      return hooks.isArrayBuffer(value) ? copy.buffer : copy;
    }
    const name = Object.prototype.toString.call(value).slice(8, -1);
    if (name === "Date") return new Date((value as Date).getTime());
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    if (!Array.isArray(value) && !isPlain) return value;
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
    seen.set(value, copy);
    for (const [key, inner] of Object.entries(value)) {
      (copy as Record<string, unknown>)[key] = relocate(inner, seen);
    }
    return copy;
  };
  const hostClone = scope["structuredClone"] as (...args: unknown[]) => unknown;
  Object.defineProperty(scope, "structuredClone", {
    value: (...args: unknown[]) => relocate(hostClone(...args), new Map()),
    writable: true,
    configurable: true,
  });
  const { subtle } = scope["crypto"] as { subtle: Record<string, Subtle> };
  for (const [operation, inner] of Object.entries(subtle)) {
    subtle[operation] = async (...args) => {
      const result = await inner(...args);
      // On Convex a JWK is of another realm too: it is not `instanceof Object`.
      const isJwk = operation === "exportKey" && args[0] === "jwk";
      return isJwk ? result : relocate(result, new Map());
    };
  }

  const adopt = (value: unknown): unknown => {
    if (value instanceof HostRequest) return Object.setPrototypeOf(value, LocalRequest.prototype);
    if (value instanceof HostResponse) return Object.setPrototypeOf(value, LocalResponse.prototype);
    return value;
  };
  const innerFetch = scope["fetch"] as (...args: unknown[]) => Promise<unknown>;
  Object.defineProperty(scope, "fetch", {
    value: async (...args: unknown[]) => adopt(await innerFetch(...args)),
    writable: true,
    configurable: true,
  });
  return adopt;
}
