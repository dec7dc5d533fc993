/** Stand-ins for the types of frameworks, as much as docs/one-origin.md uses: none of them is installed here. */
declare module "$env/static/public" {
  export const PUBLIC_CONVEX_SITE_URL: string;
}
declare module "@tanstack/react-router" {
  type Handler = (given: { request: Request }) => Promise<Response>;
  export function createFileRoute(
    path: string,
  ): (options: { server: { handlers: Record<string, Handler> } }) => unknown;
}
declare module "h3" {
  export type H3Event = { readonly event: unique symbol };
  export function defineEventHandler(handler: (event: H3Event) => Promise<Response>): unknown;
  export function toWebRequest(event: H3Event): Request;
}
