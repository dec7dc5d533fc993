/**
 * `genericOAuth()` with a `discoveryUrl`. Better Auth (1.7) fetches the document when an instance begins, without a limit of
 * time. On Convex that is in every request, and a provider that does not answer would hold up all of them. Here it is fetched
 * when a request names the provider, or uses it: its ways to do so wait for the document.
 */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";

type Provider = AuthContext["socialProviders"][number];

/** How long a request waits for the document, as Better Auth does where it tries again (1.7). */
const PATIENCE_MS = 10_000;

/** The ways in which a provider is used that may take their time. */
const WAYS = [
  "createAuthorizationURL",
  "createEndSessionURL",
  "getUserInfo",
  "refreshAccessToken",
  "validateAuthorizationCode",
] as const;

interface Config {
  readonly providerId: string;
  readonly name?: string;
  readonly discoveryUrl?: string;
  readonly disableProviderLogout?: boolean;
}

/** What of the plugin is gone by, where it is `genericOAuth()`. Its `init` reads the list from these options. */
interface Discovering extends BetterAuthPlugin {
  readonly init: NonNullable<BetterAuthPlugin["init"]>;
  readonly options: { config: readonly Config[] };
}

/** Fetches the document of a provider, once for all who ask meanwhile; false where there is no provider without it. */
const discoveries = new WeakMap<Provider, () => Promise<boolean>>();

/** A copy whose providers are discovered late. With `fetches` false, as in a query, they are not discovered at all. */
export function discoveringLate(
  plugin: BetterAuthPlugin,
  { fetches }: { readonly fetches: boolean },
): BetterAuthPlugin {
  if (!isDiscovering(plugin)) return plugin;
  const { config } = plugin.options;
  return {
    ...plugin,
    async init(context) {
      const begun = await begin(plugin, context, config.filter(isPlain));
      const late = config
        .filter((each) => !isPlain(each))
        .map((each) =>
          lateProvider(each, async () => {
            if (fetches) return discovered(plugin, context, each);
            context.logger.error(
              `[convex-gate] The provider "${each.providerId}" has a discoveryUrl, which only an action or an HTTP action can fetch.`,
            );
            return undefined;
          }),
        );
      return {
        ...begun,
        context: {
          ...begun.context,
          // Those that Better Auth (from 1.7.4 on) would try again itself: there are none.
          genericOAuthPendingDiscovery: new Map(),
          socialProviders: [...late, ...(begun.context?.socialProviders ?? [])],
        },
      };
    },
    hooks: {
      ...plugin.hooks,
      before: [
        {
          matcher: (request) => namedProviders(request).length > 0,
          handler: createAuthMiddleware(async (request) => {
            const { socialProviders } = request.context;
            for (const provider of namedProviders(request)) {
              // Endpoints tell of one that is not there. An instance is made for each request, and the next one tries again.
              if (!(await discoveries.get(provider)?.()))
                socialProviders.splice(socialProviders.indexOf(provider), 1);
            }
          }),
        },
        ...(plugin.hooks?.before ?? []),
      ],
    },
  };
}

function isDiscovering(plugin: BetterAuthPlugin): plugin is Discovering {
  const { id, init, options } = plugin;
  const configs: unknown = (options as Partial<Discovering["options"]> | undefined)?.config;
  return (
    id === "generic-oauth" &&
    init !== undefined &&
    !Object.isFrozen(options) &&
    Array.isArray(configs) &&
    configs.some((config: Config) => !isPlain(config))
  );
}

function isPlain({ discoveryUrl }: Config): boolean {
  return !discoveryUrl;
}

/** Begins the plugin with some of its providers: it reads the list before it waits for anything. */
function begin(
  { init, options }: Discovering,
  context: AuthContext,
  config: readonly Config[],
): Promise<{ context?: Partial<AuthContext> }> {
  const all = options.config;
  options.config = config;
  try {
    return Promise.resolve(init(context) as ReturnType<typeof begin>);
  } finally {
    options.config = all;
  }
}

async function discovered(
  plugin: Discovering,
  context: AuthContext,
  config: Config,
): Promise<Provider | undefined> {
  const alone = Object.create(context, { socialProviders: { value: [] } }) as AuthContext;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      context.logger.error(
        `[convex-gate] ${config.discoveryUrl ?? ""} did not answer within ${PATIENCE_MS / 1000} s: nobody can sign in at "${config.providerId}".`,
      );
      resolve(undefined);
    }, PATIENCE_MS);
  });
  try {
    const begun = await Promise.race([begin(plugin, alone, [config]), tooLate]);
    return begun?.context?.socialProviders?.find(({ id }) => id === config.providerId);
  } finally {
    clearTimeout(timer);
  }
}

function lateProvider(
  { providerId, name, disableProviderLogout }: Config,
  discover: () => Promise<Provider | undefined>,
): Provider {
  let found: Promise<Provider | undefined> | undefined;
  const known = async (): Promise<Provider | undefined> => {
    found ??= discover();
    const provider = await found.catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    // Plugins may have put something around the ways to use it, and these stay; what else there is to it can be told now.
    if (provider) Object.assign(late, Object.fromEntries(Object.entries(provider).filter(isNoWay)));
    return provider;
  };
  const ways = WAYS.filter((way) => way !== "createEndSessionURL" || !disableProviderLogout);
  const late = {
    id: providerId,
    name: name ?? providerId,
    ...Object.fromEntries(
      ways.map((way) => [
        way,
        async (...args: unknown[]) => {
          const provider = await known();
          if (!provider)
            throw new APIError("NOT_FOUND", {
              code: "PROVIDER_NOT_FOUND",
              message: "Provider not found",
            });
          return (provider[way] as ((...args: unknown[]) => unknown) | undefined)?.(...args);
        },
      ]),
    ),
  } as unknown as Provider;
  discoveries.set(late, async () => (await known()) !== undefined);
  return late;
}

function isNoWay([key]: [string, unknown]): boolean {
  return !(WAYS as readonly string[]).includes(key);
}

interface Naming {
  readonly context?: { readonly socialProviders?: readonly Provider[] };
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
}

/** The late providers that a request names, in any of the ways of Better Auth's endpoints (1.7). */
function namedProviders({ context, body, query, params }: Naming): Provider[] {
  const names = [body, query, params].flatMap((part) =>
    ["provider", "providerId", "id"].map((key) =>
      typeof part === "object" && part !== null ? (Reflect.get(part, key) as unknown) : undefined,
    ),
  );
  return (context?.socialProviders ?? []).filter(
    (provider) => discoveries.has(provider) && names.includes(provider.id),
  );
}
