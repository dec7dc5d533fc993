/** Routes for the root's discovery documents, which give way to the app's own. */
import type { HttpRouter, PublicHttpAction } from "convex/server";

/** A GET route: an exact path, or a prefix when it ends in "/". */
export interface WellKnownRoute {
  readonly path: string;
  readonly handler: PublicHttpAction;
}

const ROOT = "/.well-known/";

/**
 * Adds the routes that the app has none for, neither that path nor a prefix of it under "/.well-known/". Convex refuses a
 * second route of one path, and the push with it; therefore ours go again when the app registers one afterwards.
 */
export function routeWellKnown(http: HttpRouter, routes: readonly WellKnownRoute[]): void {
  const taken = http.getRoutes().filter(([, method]) => method === "GET");
  const ours = routes.filter((route) => !taken.some(([path]) => covers(path, route)));
  for (const { path, handler } of ours)
    http.route({ ...(isPrefix(path) ? { pathPrefix: path } : { path }), method: "GET", handler });

  const { route } = http;
  http.route = (spec) => {
    const path = "path" in spec ? spec.path : `${spec.pathPrefix}*`;
    if (spec.method === "GET")
      for (const own of ours.filter((each) => covers(path, each))) {
        ours.splice(ours.indexOf(own), 1);
        remove(http, own.path);
      }
    route.call(http, spec);
  };
}

/** `path` is a route's as the router lists it: a prefix has an asterisk at its end. */
function covers(path: string, ours: WellKnownRoute): boolean {
  if (!path.endsWith("*")) return path === ours.path;
  return path.startsWith(ROOT) && ours.path.startsWith(path.slice(0, -1));
}

function remove(http: HttpRouter, path: string): void {
  if (isPrefix(path)) http.prefixRoutes.get("GET")?.delete(path);
  else http.exactRoutes.get(path)?.delete("GET");
}

function isPrefix(path: string): boolean {
  return path.endsWith("/");
}
