/** A stand-in for Astro's types, as much as docs/other-servers.md uses: Astro (7) needs Node 22 and is not installed here. */
declare module "astro:middleware" {
  interface APIContext {
    readonly request: Request;
    readonly url: URL;
    readonly clientAddress: string;
    readonly isPrerendered: boolean;
    readonly locals: App.Locals;
  }
  type MiddlewareHandler = (
    context: APIContext,
    next: () => Promise<Response>,
  ) => Promise<Response> | Response;
  export function defineMiddleware(handler: MiddlewareHandler): MiddlewareHandler;
}
