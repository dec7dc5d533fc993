/** The rows of Better Auth's tables, typed by the app's own options. Convex values hold no `Date`: dates are ms. */
import type { Value } from "convex/values";
import type { FieldsOf, IsKnown, OptionsOf, PluginModels } from "./typed-fields.js";
import type { AuthId } from "./typed-ids.js";
import type { AuthSession, AuthUser } from "./auth-rows.js";

/** What a field of the type `json` holds: what `JSON.parse` gives. */
export type AuthJson = null | boolean | number | string | AuthJson[] | { [key: string]: AuthJson };

/** The tables of Better Auth's core (1.7), whatever the options. */
interface CoreRows {
  user: {
    name: string;
    email: string;
    emailVerified: boolean;
    image?: string | null;
    /** Milliseconds since the epoch. */
    createdAt: number;
    /** Milliseconds since the epoch. */
    updatedAt: number;
  };
  session: {
    userId: AuthId<"user">;
    token: string;
    /** Milliseconds since the epoch. */
    expiresAt: number;
    /** Milliseconds since the epoch. */
    createdAt: number;
    /** Milliseconds since the epoch. */
    updatedAt: number;
    ipAddress?: string | null;
    userAgent?: string | null;
  };
  account: {
    userId: AuthId<"user">;
    accountId: string;
    providerId: string;
    accessToken?: string | null;
    refreshToken?: string | null;
    idToken?: string | null;
    /** Milliseconds since the epoch. */
    accessTokenExpiresAt?: number | null;
    /** Milliseconds since the epoch. */
    refreshTokenExpiresAt?: number | null;
    scope?: string | null;
    password?: string | null;
    /** Milliseconds since the epoch. */
    createdAt: number;
    /** Milliseconds since the epoch. */
    updatedAt: number;
  };
  verification: {
    identifier: string;
    value: string;
    /** Milliseconds since the epoch. */
    expiresAt: number;
    /** Milliseconds since the epoch. */
    createdAt: number;
    /** Milliseconds since the epoch. */
    updatedAt: number;
  };
  rateLimit: {
    key: string;
    count: number;
    /** Milliseconds since the epoch. */
    lastRequest: number;
  };
}

/** The tables of an app, by Better Auth's names for them. */
export type AuthModel<Source> = keyof CoreRows | PluginModels<OptionsOf<Source>>;

/**
 * A row as the component keeps it and its functions give it (`components.betterAuth.adapter.findMany`): with the fields
 * that are declared `returned: false`, and `json` as text. A field that has another name in the database (`fieldName`) is
 * not among them, since types do not tell that name.
 *
 * @example type Organization = AuthDoc<typeof createAuth, "organization">;
 */
export type AuthDoc<Source, Model extends AuthModel<Source>> = AuthDocs<Source>[Model];

/** {@link AuthDoc} of every table, by its name. Each is worked out when it is looked at. */
export type AuthDocs<Source> = {
  [Model in AuthModel<Source>]: Plain<Ids<Model> & RowOf<OptionsOf<Source>, Model, "stored">>;
};

/**
 * A row as it leaves the library, and as triggers see it: without the fields that are declared `returned: false`, `json` as
 * values, under the app's own names for fields.
 *
 * @example const { tier } = doc as AuthRow<typeof createAuth, "user">;
 */
export type AuthRow<Source, Model extends AuthModel<Source>> = AuthRows<Source>[Model];

/** {@link AuthRow} of every table, by its name. */
export type AuthRows<Source> = {
  [Model in AuthModel<Source>]: Plain<Ids<Model> & RowOf<OptionsOf<Source>, Model, "given">>;
};

/**
 * The user that `getAuthUser` gives an app with these options, such as `AuthUserOf<typeof createAuth>`; {@link AuthUser}
 * where the options are not known.
 */
export type AuthUserOf<Source> =
  IsKnown<OptionsOf<Source>> extends true ? AuthRows<Source>["user"] : AuthUser;

/** The session of `getSessionByToken`, in the same way. */
export type AuthSessionOf<Source> =
  IsKnown<OptionsOf<Source>> extends true ? AuthRows<Source>["session"] : AuthSession;

/** Stored as the component keeps it, or given as {@link presented} gives it. */
type Way = "stored" | "given";

interface Ids<Model extends string> {
  /** The same as `id`. */
  _id: AuthId<Model>;
  id: AuthId<Model>;
}

type RowOf<Options, Model extends string, As extends Way> = Model extends keyof CoreRows
  ? Core<Options, Model, As> &
      (IsKnown<Options> extends true ? Given<FieldsOf<Options, Model>, As> : Anything)
  : Of<FieldsOf<Options, Model> & (Model extends keyof LeftOut ? LeftOut[Model] : {}), As>;

/** Fields that Better Auth 1.7 has and leaves out of its types. */
interface LeftOut {
  organization: { metadata: { type: "string"; required: false } };
}

/** A table of which the types tell nothing, as that of `sso()` (1.7), may have any field. */
type Of<Fields, As extends Way> = [keyof Fields] extends [never] ? Anything : Given<Fields, As>;

interface Anything {
  [field: string]: Value | undefined;
}

type Core<Options, Model extends keyof CoreRows, As extends Way> = As extends "stored"
  ? Omit<CoreRows[Model], Renamed<Options, Model>>
  : Model extends "user"
    ? Omit<CoreRows["user"], "image"> & { image: string | null }
    : Omit<CoreRows[Model], Secret>;

/** The fields of an account that Better Auth declares `returned: false`. */
type Secret = "accessToken" | "idToken" | "password" | "refreshToken";

type Renamed<Options, Model extends string> = Options extends {
  readonly [Name in Model]: { readonly fields: infer Names };
}
  ? keyof Names
  : never;

/** Better Auth takes a field for required that does not say otherwise; of others, rows hold null or nothing. */
type Given<Fields, As extends Way> = {
  [
    Name in keyof Fields as IsOptional<Fields[Name]> extends true
      ? never
      : Shown<Name, Fields[Name], As>
  ]: ValueOf<Fields[Name], As>;
} & {
  [
    Name in keyof Fields as IsOptional<Fields[Name]> extends true
      ? Shown<Name, Fields[Name], As>
      : never
  ]?: ValueOf<Fields[Name], As> | null;
};

type IsOptional<Field> = "required" extends keyof Field
  ? false extends Field["required"]
    ? true
    : false
  : false;

type Shown<Name, Field, As extends Way> = Field extends { returned: false } | { fieldName: string }
  ? As extends "given"
    ? Field extends { returned: false }
      ? never
      : Name
    : Field extends { fieldName: string }
      ? never
      : Name
  : Name;

type ValueOf<Field, As extends Way> = Field extends {
  type: "string";
  references: { model: infer Model extends string; field: "id" };
}
  ? string extends Model
    ? string
    : AuthId<Model>
  : Field extends { type: infer Type }
    ? TypeOf<Type, As>
    : never;

type TypeOf<Type, As extends Way> = Type extends "string"
  ? string
  : Type extends "number" | "date"
    ? number
    : Type extends "boolean"
      ? boolean
      : Type extends "json"
        ? As extends "stored"
          ? string
          : AuthJson
        : Type extends "string[]"
          ? string[]
          : Type extends "number[]"
            ? number[]
            : Type extends readonly (infer OneOf)[]
              ? OneOf
              : never;

/** One object type instead of an intersection of several: what editors show, and what declarations of an app can name. */
type Plain<Row> = Row extends infer One ? { [Name in keyof One]: One[Name] } : never;
