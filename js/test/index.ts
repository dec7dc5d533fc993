/// <reference types="vite/client" />
/**
 * `convex-gate/test`: installs the component into a `convex-test` instance and signs test users in. Shipped as
 * TypeScript source, because `import.meta.glob` is resolved by the app's own test runner.
 */
import type { GenericSchema, SchemaDefinition, UserIdentity } from "convex/server";
import { componentsGeneric } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import schema from "../../convex/schema.js";
import { readEnv } from "../auth-config/env.js";
import { SHAPE } from "../protocol/row-shape.js";
import { toStored } from "../adapter/transforms.js";

const modules: Record<string, () => Promise<unknown>> = import.meta.glob("../../convex/**/*.ts");

/** The part of a `convex-test` instance that {@link register} uses. */
export interface ComponentRegistry {
  registerComponent(
    path: string,
    schema: SchemaDefinition<GenericSchema, boolean>,
    modules: Record<string, () => Promise<unknown>>,
  ): void;
}

/** The part of a `convex-test` instance that {@link signInAs} uses. */
export interface IdentityTest<Signed> {
  run<T>(work: (ctx: { runMutation: MutationRunner }) => Promise<T>): Promise<T>;
  withIdentity(identity: Partial<UserIdentity>): Signed;
}

// convex-test and Convex type this by the function reference; here it is called with the component's references only.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a narrower type would not accept convex-test's own.
type MutationRunner = (reference: any, args: any) => Promise<any>;

/** A user that {@link signInAs} signed in. */
export interface SignedIn<Signed> {
  /** The test instance that calls functions as this user. */
  t: Signed;
  userId: string;
  sessionId: string;
}

/** Options of {@link signInAs}. */
export interface SignInOptions {
  /** The name of `app.use(betterAuth, { name })`. @default "betterAuth" */
  component?: string;
  /** The issuer of the user's token: the one that `createClient` was given. @default process.env.CONVEX_SITE_URL */
  issuer?: string;
  /** Better Auth's `user.fields`, where the app gave fields of users other names. @default {} */
  fields?: Readonly<Record<string, string>>;
  /** The claims that `convex({ jwt })` of the app adds to the user's token. @default {} */
  claims?: Readonly<Record<string, unknown>>;
}

const SESSION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** Installs the auth component under `name`, the name of `app.use(betterAuth, { name })`. @default "betterAuth" */
export function register(t: ComponentRegistry, name = "betterAuth"): void {
  t.registerComponent(name, schema, modules);
}

/**
 * Creates a user with a live session in the component, as a sign-up would, and gives a test instance with that user's
 * identity, as a valid JWT of the `convex()` plugin would. Needs {@link register}.
 *
 * Fields may be anything that Better Auth takes: dates, lists, and values of `json` fields. Throws `ConvexError` with the
 * code `UNIQUE_CONSTRAINT` for an id, an e-mail address, a user name or a phone number that another user has.
 *
 * @param options A text is the name of the component.
 */
export async function signInAs<Signed>(
  t: IdentityTest<Signed>,
  user: { id?: string; email?: string; name?: string } & Record<string, unknown> = {},
  options: string | SignInOptions = {},
): Promise<SignedIn<Signed>> {
  const {
    component: name = "betterAuth",
    issuer = defaultIssuer(),
    fields = {},
    claims = {},
  } = typeof options === "string" ? ({ component: options } satisfies SignInOptions) : options;
  const component = componentsGeneric()[name] as unknown as ComponentApi;
  const now = Date.now();
  const userId = user.id ?? newId();
  const sessionId = newId();
  const create = (
    model: string,
    data: Record<string, unknown>,
    unique: string[],
    names: Readonly<Record<string, string>> = {},
  ) =>
    t.run((ctx) =>
      ctx.runMutation(component.gate.create, {
        model,
        data: asStored({ createdAt: now, updatedAt: now, ...data }, names),
        rules: { unique: unique.map((field) => [names[field] ?? field]) },
      }),
    );
  const email = (user.email ?? `${userId}@example.com`).toLowerCase();
  await create(
    "user",
    { name: "Test User", emailVerified: true, image: null, ...user, email, id: userId },
    ["email", "username", "phoneNumber"],
    fields,
  );
  await create(
    "session",
    {
      id: sessionId,
      userId,
      token: newId(),
      expiresAt: now + SESSION_LIFETIME_MS,
      ipAddress: "",
      userAgent: "",
    },
    ["token"],
  );
  const identity = {
    ...claims,
    subject: userId,
    issuer,
    tokenIdentifier: `${issuer}|${userId}`,
    sessionId,
  };
  return { t: t.withIdentity(identity), userId, sessionId };
}

/** That of every deployment; where the variable is not set, a client without an `issuer` takes any. */
function defaultIssuer(): string {
  return readEnv("CONVEX_SITE_URL") ?? "https://some.convex.site";
}

/** 32 letters and digits, as Better Auth's own. */
function newId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** A row as the adapter writes it: dates as ms, `json` as text, with a note of which fields that are and what they are called. */
function asStored(
  data: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  const shape = Object.entries(names)
    .filter(([field, column]) => column !== field)
    .map(([field, column]) => `name ${column} ${field}`);
  for (const [field, value] of Object.entries(data)) {
    const column = names[field] ?? field;
    const isJson = isObject(value) || (Array.isArray(value) && value.some(isObject));
    if (isJson) shape.push(`json ${column}`);
    row[column] = isJson ? JSON.stringify(value) : toStored(value, field, undefined);
  }
  return shape.length > 0 ? { ...row, [SHAPE]: shape.sort() } : row;
}

function isObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}
