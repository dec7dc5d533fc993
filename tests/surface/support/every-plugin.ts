/** One app with the official plugins that have tables or fields, for what its types say and what its rows are. */
import { apiKey } from "@better-auth/api-key";
import { oauthProvider } from "@better-auth/oauth-provider";
import { passkey } from "@better-auth/passkey";
import { scim } from "@better-auth/scim";
import { sso } from "@better-auth/sso";
import { stripe } from "@better-auth/stripe";
import { betterAuth } from "better-auth/minimal";
import {
  admin,
  anonymous,
  deviceAuthorization,
  jwt,
  lastLoginMethod,
  organization,
  phoneNumber,
  siwe,
  twoFactor,
  username,
} from "better-auth/plugins";
import { componentsGeneric } from "convex/server";
import type { GenericDataModel } from "convex/server";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { convex } from "../../../js/plugins/index.js";
import { createClient } from "../../../js/server/index.js";
import type {
  AuthDocs,
  AuthRows,
  AuthSessionOf,
  AuthUserOf,
  GenericCtx,
} from "../../../js/server/index.js";

export const component = componentsGeneric()["betterAuth"] as unknown as ComponentApi;
export const client = createClient<GenericDataModel, typeof createAuth>(component);

const managedConnections = { credentialHashSecret: "a-secret-of-the-tests-with-enough-length" };
const fields = {
  text: { type: "string" },
  pin: { type: "string", returned: false },
  maybeText: { type: "string", required: false },
  count: { type: "number" },
  isOn: { type: "boolean" },
  born: { type: "date" },
  maybeBorn: { type: "date", required: false },
  tier: { type: ["free", "paid"] },
  tags: { type: "string[]" },
  scores: { type: "number[]", required: false },
  settings: { type: "json" },
  renamed: { type: "number", fieldName: "another_name" },
} as const;

/** Under `exactOptionalPropertyTypes` the tables that `scim()` (1.7) may have or not are not of a plugin's type. */
type Exact<Plugin extends { schema: object }> = Omit<Plugin, "schema"> & {
  schema: { [Table in keyof Plugin["schema"]]-?: NonNullable<Plugin["schema"][Table]> };
};

export const createAuth = (ctx: GenericCtx<GenericDataModel>) =>
  betterAuth({
    baseURL: "https://happy-animal-1.convex.site",
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    database: client.adapter(ctx),
    rateLimit: { storage: "database" },
    user: {
      additionalFields: {
        ...fields,
        tier: { type: ["free", "paid"] },
      },
    },
    session: { additionalFields: { note: { type: "json", required: false } } },
    account: { additionalFields: { label: { type: "string", required: false } } },
    verification: { additionalFields: { tries: { type: "number" } } },
    plugins: [
      admin(),
      anonymous(),
      apiKey(),
      deviceAuthorization(),
      jwt(),
      lastLoginMethod({ storeInDatabase: true }),
      oauthProvider({ loginPage: "/in", consentPage: "/yes" }),
      organization({
        teams: { enabled: true },
        dynamicAccessControl: { enabled: true },
        schema: { organization: { additionalFields: { seats: { type: "number" } } } },
      }),
      passkey(),
      phoneNumber({ sendOTP: () => undefined }),
      scim({ connections: [], managedConnections }) as Exact<ReturnType<typeof scim>>,
      sso(),

      siwe({
        domain: "example.com",
        getNonce: () => Promise.resolve("n"),
        verifyMessage: () => Promise.resolve(true),
      }),
      stripe({
        stripeClient: {} as never,
        stripeWebhookSecret: "x",
        createCustomerOnSignUp: false,
        subscription: { enabled: true, plans: [] },
      }),
      twoFactor(),
      username(),
      convex({ authConfig: { providers: [getAuthConfigProvider()] } }),
    ],
  });

/** What the types say of the component's rows, of what triggers see, and of what leaves the library. */
export type Stored = AuthDocs<typeof createAuth>;
export type Rows = AuthRows<typeof createAuth>;
export interface Given {
  user: AuthUserOf<typeof createAuth>;
  session: AuthSessionOf<typeof createAuth>;
}
