/**
 * What the compiler has to do for an app's `auth.ts`: with `convex()` alone, and with every plugin that has types of its
 * own in one options object. Instantiations are counted by the compiler and are the same on every machine.
 */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { hostFor } from "../support/parsed-once.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Where each plugin comes from and how it is called. `customSession` stays out, since it replaces the session's type, and
 * the waitlist of npm, whose error codes are not of the type that Better Auth 1.7 demands.
 */
const plugins: Readonly<Record<string, readonly string[]>> = {
  "better-auth/plugins": [
    "admin()",
    "anonymous()",
    "bearer()",
    'captcha({ provider: "cloudflare-turnstile", secretKey: "x" })',
    "deviceAuthorization()",
    "emailOTP({ sendVerificationOTP: send })",
    "genericOAuth({ config: [] })",
    "haveIBeenPwned()",
    "jwt()",
    "lastLoginMethod()",
    "magicLink({ sendMagicLink: send })",
    "multiSession()",
    "oAuthProxy()",
    "oauthPopup()",
    "oneTap()",
    "oneTimeToken()",
    "openAPI()",
    "organization({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } })",
    "phoneNumber({ sendOTP: send })",
    'siwe({ domain: "example.com", getNonce: async () => "n", verifyMessage: async () => true })',
    "twoFactor()",
    "username()",
  ],
  "@better-auth/api-key": ["apiKey()"],
  "@better-auth/electron": ["electron()"],
  "@better-auth/expo": ["expo()"],
  "@better-auth/i18n": ['i18n({ translations: { en: { INVALID_EMAIL: "No" } } })'],
  "@better-auth/oauth-provider": ['oauthProvider({ loginPage: "/in", consentPage: "/yes" })'],
  "@better-auth/passkey": ["passkey()"],
  "@better-auth/scim": ["scim({ connections: [] })"],
  "@better-auth/sso": ["sso()"],
  "better-auth-harmony": ["emailHarmony()"],
  "better-auth-telegram": ['telegram({ botToken: "1:x", botUsername: "bot" })'],
};

/** Uses of what the plugins bring, so that their types are worked out. */
const uses = `
type Auth = ReturnType<typeof createAuth>;
type Session = Auth["$Infer"]["Session"];
export const role = (session: Session): string | null | undefined => session.user.role;
export const team = (session: Session): string | null | undefined => session.session.activeTeamId;
export const ban = (auth: Auth) => auth.api.banUser({ body: { userId: "x" }, headers });
export const key = (auth: Auth) => auth.api.createApiKey({ body: {} });
export const options = (auth: Auth) => auth.api.generatePasskeyRegistrationOptions({ headers });
export const addTeam = (auth: Auth) => auth.api.createTeam({ body: { name: "x" } });
`;

/** Uses of a typed user, and of one with every plugin. */
const typedUses = `
export const { getAuthUser } = authComponent.clientApi();
declare const ctx: GenericCtx;
export const name = async (): Promise<string> => (await authComponent.getAuthUser(ctx)).name;
// @ts-expect-error no field has this name
export const none = async () => (await authComponent.getAuthUser(ctx)).nmae;
`;
const typedUsesOfAll = `
export const isBanned = async (): Promise<boolean> =>
  (await authComponent.getAuthUser(ctx)).banned === true;
export const phone = async (): Promise<string | null | undefined> =>
  (await authComponent.safeGetAuthUser(ctx))?.phoneNumber;
`;

function appOf(all: boolean, ours: boolean, typed = false): string {
  const chosen = all ? Object.entries(plugins) : [];
  const imports = chosen.map(
    ([from, calls]) =>
      `import { ${calls.map((call) => /^\w+/.exec(call)?.[0]).join(", ")} } from "${from}";`,
  );
  const listed = chosen.flatMap(([, calls]) => calls);
  return `import { betterAuth } from "better-auth/minimal";
${ours ? 'import { createClient, type GenericCtx } from "convex-gate";\nimport type { GenericDataModel } from "convex/server";\nimport { convex } from "convex-gate/plugins";' : ""}
${imports.join("\n")}
${all ? "const send = async (): Promise<void> => undefined;" : ""}
${ours ? `declare const component: Parameters<typeof createClient>[0];\nexport const authComponent = createClient${typed ? "<GenericDataModel, typeof createAuth>" : ""}(component);` : ""}
export const createAuth = (${ours ? "ctx: GenericCtx" : ""}) =>
  betterAuth({
    ${ours ? "database: authComponent.adapter(ctx)," : ""}
    plugins: [${[...listed, ...(ours ? ["convex({ authConfig: { providers: [] } })"] : [])].join(",\n")}],
  });
${ours ? "export const token = (auth: ReturnType<typeof createAuth>): Promise<{ token: string }> => auth.api.getConvexToken({ headers });" : ""}
declare const headers: Headers;
export const session = (auth: ReturnType<typeof createAuth>) => auth.api.getSession({ headers });
${all ? uses : ""}
${typed ? typedUses : ""}
${typed && all ? typedUsesOfAll : ""}`;
}

/** The set-up of the published documentation, as it stands there or with `satisfies`; the first tells no fields. */
const published = (how: "as" | "satisfies"): string => `
import { betterAuth, type BetterAuthOptions } from "better-auth/minimal";
import { createClient, type AuthUser, type GenericCtx } from "convex-gate";
import { convex, crossDomain } from "convex-gate/plugins";
import { queryGeneric, type GenericDataModel } from "convex/server";
declare const component: Parameters<typeof createClient>[0];
const authConfig = { providers: [] };
const siteUrl = process.env.SITE_URL!;
export const authComponent = createClient<GenericDataModel, typeof createAuthOptions>(component, {
  verbose: false,
});
export const createAuthOptions = (ctx: GenericCtx<GenericDataModel>) =>
  ({
    trustedOrigins: [siteUrl],
    database: authComponent.adapter(ctx),
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ user }) => {
        console.log(await authComponent.getAnyUserById(ctx, user.id));
      },
    },
    user: { additionalFields: { tier: { type: ["free", "paid"] } } },
    plugins: [crossDomain({ siteUrl }) as any, convex({ authConfig }) as any],
  }) ${how} BetterAuthOptions;
export const createAuth = (ctx: GenericCtx<GenericDataModel>) => betterAuth(createAuthOptions(ctx));
export const { getAuthUser, sessionState } = authComponent.clientApi();
export const getCurrentUser = queryGeneric({
  args: {},
  handler: async (ctx) => {
    return await authComponent.getAuthUser(ctx);
  },
});
type User = Awaited<ReturnType<typeof authComponent.getAuthUser>>;
export const user = (user: User): AuthUser => user;
export const tier = (user: User)${how === "as" ? "" : ': "free" | "paid"'} => user.tier;
`;

/** Options of an app that is stricter than most, and lets the compiler write declarations of what it exports. */
const strictest = {
  exactOptionalPropertyTypes: true,
  noEmit: false,
  declaration: true,
  outDir: "out",
  rootDir: ".",
};

const host: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => repository,
  getNewLine: () => "\n",
};

/** Compiles an app that must have no errors; gives the compiler's instantiations and tells the rest. */
async function costOf(
  name: string,
  source: string | Record<string, string>,
  more: object = {},
): Promise<number> {
  const folder = join(repository, "tests/output/type-cost", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const files = typeof source === "string" ? { "auth.ts": source } : source;
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "ESNext",
    moduleResolution: "Bundler",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    ...more,
  };
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, folder);
  const roots = Object.keys(files).map((file) => join(folder, file));
  const chosen = { ...options, configFilePath: join(folder, "tsconfig.json") };
  const program = ts.createProgram(roots, chosen, hostFor(chosen));
  const from = performance.now();
  const found = [...errors, ...ts.getPreEmitDiagnostics(program)];
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  if (!options.noEmit) found.push(...program.emit().diagnostics);
  if (found.length > 0) throw new Error(ts.formatDiagnostics(found, host));
  const instantiations = program.getInstantiationCount();
  console.log(
    `note: types, ${name}: ${String(instantiations)} instantiations, ${String(program.getTypeCount())} types, ` +
      `checked in ${seconds} s`,
  );
  return instantiations;
}

describe("what the types of an app cost", () => {
  it("is Better Auth's: convex() adds little, alone or beside every plugin", async () => {
    const without = await costOf("better-auth", appOf(false, false));
    const alone = await costOf("with-convex", appOf(false, true));
    expect(alone - without).toBeLessThan(8_000);
    const others = await costOf("all-others", appOf(true, false));
    const all = await costOf("all-others-and-convex", appOf(true, true));
    expect(all - others).toBeLessThan(10_000);
    expect(all).toBeLessThan(400_000);
    // The plugins' types are worked out anyway: the users' fields are looked up in them.
    const typed = await costOf("all-others-and-typed-users", appOf(true, true, true));
    expect(typed - all).toBeLessThan(20_000);
  });

  it("the published set-up takes the type of its own options, with declarations", async () => {
    const files = {
      "as-it-is.ts": published("as"),
      "satisfies.ts": published("satisfies"),
      "create-auth.ts": appOf(false, true, true),
    };
    await costOf("published", files, strictest);
  });
});
