/** Which endpoint of the instance a navigation is for. */
import type { AuthContext, BetterAuthOptions } from "better-auth";
import { getEndpoints } from "better-auth/api";

/** What is known of an endpoint. */
interface Endpoint {
  /** As it was declared: `/callback/:id`. */
  readonly path: string;
  readonly methods: readonly (string | undefined)[];
}

const known = new WeakMap<BetterAuthOptions, readonly Endpoint[]>();

/** The declared path of the endpoint that answers; null where there is none. */
export function endpointAt(method: string, path: string, context: AuthContext): string | null {
  const { options } = context;
  const sent = options.advanced?.skipTrailingSlashes ? path.replace(/\/$/, "") : path;
  const steps = sent.split("/");
  const endpoints = known.get(options) ?? endpointsOf(context);
  known.set(options, endpoints);
  const found = endpoints.find(
    (each) => covers(each.path.split("/"), steps) && answersTo(each, method),
  );
  return found?.path ?? null;
}

/** Those that Better Auth (1.7, `router`) has routes for. */
function endpointsOf(context: AuthContext): Endpoint[] {
  const { api } = getEndpoints(context, context.options);
  return Object.values(api as Record<string, Partial<Declared>>).flatMap(({ path, options }) =>
    path === undefined || options?.metadata?.SERVER_ONLY
      ? []
      : [{ path, methods: [options?.method].flat() }],
  );
}

interface Declared {
  readonly path: string;
  readonly options: {
    readonly method?: string | string[];
    readonly metadata?: { readonly SERVER_ONLY?: boolean };
  };
}

function answersTo({ methods }: Endpoint, method: string): boolean {
  return methods.some((each) => each === undefined || each === "*" || each === method);
}

/** Better Auth's router takes one step for `:name` and `*`, and any number for `**`. */
function covers(declared: readonly string[], steps: readonly string[]): boolean {
  const rest = declared.findIndex((step) => step.startsWith("**"));
  if (rest >= 0)
    return steps.length >= rest && covers(declared.slice(0, rest), steps.slice(0, rest));
  return (
    declared.length === steps.length &&
    declared.every((step, index) => (isOpen(step) ? steps[index] !== "" : step === steps[index]))
  );
}

function isOpen(step: string): boolean {
  return /[:*]/.test(step);
}

/** Whether anybody can make up paths of an endpoint without end. Of its paths those that end with a provider of the app's are few. */
export function isEndless(declared: string, path: string, context: AuthContext): boolean {
  const open = declared.split("/").filter(isOpen);
  const last = path.split("/").at(-1);
  const isOfProvider =
    open.length === 1 &&
    isOpen(declared.split("/").at(-1) ?? "") &&
    context.socialProviders.some(({ id }) => id === last);
  return open.length > 0 && !isOfProvider;
}
