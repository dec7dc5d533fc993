/** The table of `sso()` (`@better-auth/sso` 1.7), for the instance that has it in Node. */
import type { DBFieldAttribute } from "better-auth/db";

/** Names of columns by those of fields. */
type Columns = { readonly [Field in Name]?: string | undefined };

type Name =
  | "issuer"
  | "oidcConfig"
  | "samlConfig"
  | "userId"
  | "providerId"
  | "organizationId"
  | "domain"
  | "domainVerified";

/** The options that say what the table is like. */
export interface SsoTableOptions {
  readonly modelName?: string | undefined;
  readonly fields?: Columns | undefined;
  readonly domainVerification?: { readonly enabled?: boolean | undefined } | undefined;
  readonly schema?:
    | {
        readonly ssoProvider?:
          | {
              readonly modelName?: string | undefined;
              readonly fields?: Columns | undefined;
              readonly additionalFields?: Readonly<Record<string, DBFieldAttribute>> | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** The table as Better Auth takes it of a plugin. */
export type SsoSchema = {
  ssoProvider: { modelName: string; fields: Record<string, DBFieldAttribute> };
};

/** As `sso()` declares it with the same options. */
export function ssoSchema({
  modelName,
  fields,
  domainVerification,
  schema,
}: SsoTableOptions): SsoSchema {
  const chosen = schema?.ssoProvider;
  const named = <Attributes extends object>(name: Name, attributes: Attributes) => ({
    [name]: { ...attributes, fieldName: fields?.[name] ?? chosen?.fields?.[name] ?? name },
  });
  return {
    ssoProvider: {
      modelName: modelName ?? chosen?.modelName ?? "ssoProvider",
      fields: {
        ...named("issuer", { type: "string", required: true } as const),
        ...named("oidcConfig", { type: "string", required: false } as const),
        ...named("samlConfig", { type: "string", required: false } as const),
        ...named("userId", {
          type: "string",
          references: { model: "user", field: "id" },
        } as const),
        ...named("providerId", { type: "string", required: true, unique: true } as const),
        ...named("organizationId", { type: "string", required: false } as const),
        ...named("domain", { type: "string", required: true } as const),
        ...(domainVerification?.enabled
          ? named("domainVerified", { type: "boolean", required: false } as const)
          : {}),
        ...chosen?.additionalFields,
      } satisfies Record<string, DBFieldAttribute>,
    },
  };
}
