/** What the fast lane may answer for an app, read from its Better Auth instance. What is not known to be plain stays shut. */
import type { AuthContext } from "better-auth";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import { shapeOf } from "../../protocol/row-shape.js";
import { readsItself } from "../../adapter/carried.js";
import { readEnv } from "../../auth-config/env.js";
import { COMPARED_VERSIONS } from "./compared-versions.js";
import { LANE_PATHS } from "./lane-facts.js";
import type { LaneFacts, LaneModel, LanePath, LaneTokenRules } from "./lane-facts.js";
import { JWT_COOKIE_NAME } from "./cookie.js";
import { isPlainPath } from "./lane-paths.js";
import type { Settings } from "./options.js";

/** The facts of an instance; null where every request has to go the full way. */
export function instanceFacts(context: AuthContext, settings: Settings): LaneFacts | null {
  const { authCookies, baseURL, options, sessionConfig, tables, trustedOrigins } = context;
  if (!COMPARED_VERSIONS.includes(context.version)) return null;
  if (!hasPlainSecret(context) || typeof options.baseURL !== "string" || isUnusual(context))
    return null;
  const renews = options.session?.disableSessionRefresh !== true;
  const issuer = settings.issuer();
  return {
    paths: Object.values(LANE_PATHS).filter((path) => isOpen(path, context, settings)),
    tabs: context.hasPlugin("cross-domain"),
    cookies: {
      session: authCookies.sessionToken.name,
      temporary: authCookies.dontRememberToken.name,
      data: authCookies.sessionData.name,
      jwt: context.createAuthCookie(JWT_COOKIE_NAME),
    },
    session: modelOf(tables["session"], (probe) => parseSessionOutput(options, probe as never)),
    user: modelOf(tables["user"], (probe) => parseUserOutput(options, probe as never)),
    renewal: renews
      ? {
          expiresInMs: sessionConfig.expiresIn * 1000,
          updateAgeMs: sessionConfig.updateAge * 1000,
        }
      : null,
    tokens: tokenRules(settings, issuer),
    discovery: { issuer, baseURL, alg: settings.alg },
    origins: trustedOrigins.filter(Boolean),
  };
}

/** Whether the secret is the one that the lane reads: in a variable, and without versions beside it. */
function hasPlainSecret({ secret, secretConfig }: AuthContext): boolean {
  if (typeof secretConfig !== "string" || secretConfig !== secret) return false;
  return (readEnv("BETTER_AUTH_SECRET") ?? readEnv("AUTH_SECRET")) === secret;
}

/** Whether something has a say in every answer of the instance. */
function isUnusual({ options, tables }: AuthContext): boolean {
  const { accountLinking } = options.account ?? {};
  return (
    options.hooks?.before !== undefined ||
    options.hooks?.after !== undefined ||
    options.onAPIError !== undefined ||
    typeof options.trustedOrigins === "function" ||
    typeof accountLinking?.trustedProviders === "function" ||
    tables["session"]?.modelName !== "session" ||
    tables["user"]?.modelName !== "user"
  );
}

function isOpen(path: LanePath, context: AuthContext, settings: Settings): boolean {
  if (!isPlainPath(path, context)) return false;
  const isOfKeys = path === LANE_PATHS.jwks;
  if (isOfKeys || path === LANE_PATHS.discovery) return !isOfKeys || !settings.staticKeys;
  // An app may put something around the adapter, which has a say in what is read through it.
  if (path === LANE_PATHS.session && !readsItself(context.adapter)) return false;
  const { secondaryStorage, session } = context.options;
  if (secondaryStorage || session?.cookieCache?.enabled || session?.deferSessionRefresh)
    return false;
  // What a field's own function makes of its value is the app's.
  return ["session", "user"].every((model) =>
    Object.values(context.tables[model]?.fields ?? {}).every(({ transform }) => !transform?.output),
  );
}

function tokenRules(settings: Settings, issuer: string): LaneTokenRules | null {
  if (settings.definePayload || settings.staticKeys) return null;
  const { alg, lifetimeS, claims, cacheTtlMs, ring } = settings;
  return { issuer, alg, lifetimeS, claims, cacheTtlMs, ring };
}

/** The fields as the adapter gives them (Better Auth 1.7, `transformOutput`): in the order of the schema, the id last. */
function modelOf(
  table: AuthContext["tables"][string] | undefined,
  output: (probe: Record<string, unknown>) => Record<string, unknown>,
): LaneModel {
  const { id: _id, ...fields } = table?.fields ?? {};
  const all = [
    ...Object.entries(fields).map(([name, field]) => ({
      name,
      fieldName: field.fieldName || name,
      type: typeof field.type === "string" ? field.type : "list",
      isId: field.references?.field === "id",
    })),
    { name: "id", fieldName: "id", type: "string", isId: true },
  ];
  const told = output(Object.fromEntries(all.map(({ name }) => [name, null])));
  return {
    fields: all.map((field) => ({ ...field, hidden: !(field.name in told) })),
    declared: shapeOf(fields),
  };
}
