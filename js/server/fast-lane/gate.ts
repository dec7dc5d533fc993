/** Which requests may take the fast lane; small, because other requests evaluate it too. */
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { componentsGeneric } from "convex/server";
import { LANE_PATHS } from "../../plugins/convex/lane-facts.js";
import type { LaneQuestion, LaneResult, LaneRoutes } from "./lane.js";
import type { LaneCtx } from "./ctx.js";

/** The lane of mounted routes. */
export type Lane = (ctx: unknown, request: Request) => Promise<LaneResult>;

/** The parameters that each question may have. */
const PARAMETERS: Readonly<Record<LaneQuestion, readonly string[]>> = {
  [LANE_PATHS.session]: ["convexToken", "disableRefresh"],
  [LANE_PATHS.token]: ["fresh", "disableRefresh"],
  [LANE_PATHS.oldToken]: ["fresh", "disableRefresh"],
  [LANE_PATHS.jwks]: [],
  [LANE_PATHS.discovery]: [],
  preflight: [],
};

/** What {@link createLane} goes by. */
export type LaneSetUp = Omit<LaneRoutes, "push" | "component"> & {
  readonly component?: ComponentApi | undefined;
};

/**
 * The lane of routes that are being mounted. To be called while `http.ts` is evaluated: Convex has a clock and randomness of
 * their own then, made for each push (convex-backend 94a42c3db, `UdfConfig`), and by these the push is known.
 */
export function createLane(routes: LaneSetUp): Lane {
  const push = `${String(Date.now())} ${String(Math.random())}`;
  const component =
    routes.component ?? (componentsGeneric()["betterAuth"] as unknown as ComponentApi);
  return async (ctx, request) => {
    const question = laneQuestion(request, routes.basePath);
    if (question === undefined) return {};
    const { passLane } = await import("./lane.js");
    return passLane({ ...routes, component, push }, ctx as LaneCtx, request, question);
  };
}

function laneQuestion({ method, url, headers }: Request, base: string): LaneQuestion | undefined {
  if (method === "OPTIONS") return "preflight";
  if (method !== "GET" || headers.has("authorization")) return undefined;
  // What a browser opens may be a page of a flow, which `crossDomain()` brings home.
  if (headers.get("sec-fetch-mode") === "navigate" || headers.get("accept")?.includes("text/html"))
    return undefined;
  const { pathname, searchParams } = new URL(url);
  const path = Object.values(LANE_PATHS).find((each) => pathname === base + each);
  if (path === undefined) return undefined;
  const given = [...searchParams];
  const isKnown = given.every(([name, value]) => PARAMETERS[path].includes(name) && value !== "");
  return isKnown && new Set(searchParams.keys()).size === given.length ? path : undefined;
}
