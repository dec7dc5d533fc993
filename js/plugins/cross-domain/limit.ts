/** A rate limit for what is parked. */
import type { AuthContext } from "better-auth";
import { getIP } from "better-auth/api";

interface Rule {
  readonly window: number;
  readonly max: number;
}

/**
 * Better Auth (1.7) counts by the path as it was sent, so each made-up value of `/reset-password/:token` has a counter of its
 * own, and could have as much parked as all others. Such a navigation is counted once for its endpoint, too, by the rule of
 * its path. Gives the refusal, or null.
 *
 * Counted is where it costs one call: in the component, in the app's own storage or in its secondary storage.
 */
export async function refusedByLimit(
  request: Request,
  path: string,
  endpoint: string,
  context: AuthContext,
): Promise<Response | null> {
  const ip = getIP(request, context.options);
  const rule = context.rateLimit.enabled ? await ruleFor(request, path, context) : null;
  if (!rule || (!ip && context.options.advanced?.ipAddress?.disableIpTracking)) return null;
  const wait = await count(`${ip ?? "no-trusted-ip"}|cross-domain:${endpoint}`, rule, context);
  if (wait === null) return null;
  return Response.json(
    { message: "Too many requests. Please try again later." },
    {
      status: 429,
      headers: {
        "Cache-Control": "no-store",
        "Retry-After": String(wait),
        "X-Retry-After": String(wait),
      },
    },
  );
}

/** Seconds to wait; null for a request that is within the limit. */
async function count(
  key: string,
  rule: Rule,
  { options, rateLimit }: AuthContext,
): Promise<number | null> {
  const own = options.rateLimit?.customStorage;
  if (own) {
    const { allowed, retryAfter } = await own.consume(key, rule);
    return allowed ? null : (retryAfter ?? rule.window);
  }
  if (rateLimit.storage !== "secondary-storage") return null;
  const counted = (await options.secondaryStorage?.increment?.(key, rule.window)) ?? 0;
  return counted <= rule.max ? null : rule.window;
}

/** The rule for a path, as Better Auth finds it; null where the app counts nothing. */
async function ruleFor(
  request: Request,
  path: string,
  { options, rateLimit }: AuthContext,
): Promise<Rule | null> {
  const { window, max, customRules = {} } = rateLimit;
  const ofPlugins = (options.plugins ?? []).flatMap((plugin) => plugin.rateLimit ?? []);
  const base = ofPlugins.find(({ pathMatcher }) => pathMatcher(path)) ?? { window, max };
  const name = Object.keys(customRules).find(
    (pattern) => pattern === path || (pattern.includes("*") && startsAs(path, pattern)),
  );
  const own = name === undefined ? undefined : customRules[name];
  const rule = typeof own === "function" ? await own(request, base) : own;
  return rule === false ? null : { window: base.window, max: base.max, ...rule };
}

function startsAs(path: string, pattern: string): boolean {
  return path.startsWith(pattern.slice(0, pattern.indexOf("*")));
}
