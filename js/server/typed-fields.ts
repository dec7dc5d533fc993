/**
 * What the types of an app's options say of the fields of its tables. Structural on purpose, and without an import of
 * Better Auth: functions that only ask who is signed in do not load its types either.
 *
 * Nothing here is worked out before a field is looked at. The app's `createAuth` uses the very client that is given its
 * type, and what asked for its return type earlier would go round in a circle (TypeScript's error 7022).
 */

/** The options behind `typeof createAuth`, `typeof createAuthOptions`, an instance's type or a type of options. */
export type OptionsOf<Source> = Source extends (...args: never[]) => infer Made
  ? OptionsOf<Awaited<Made>>
  : Source extends { readonly $context: unknown; readonly options: infer Options }
    ? Options
    : Source;

/**
 * Whether a type of options tells which fields there are. `unknown`, `any` and `BetterAuthOptions` itself, to which
 * somebody may have cast, do not: the last says of everything that it may be there.
 */
export type IsKnown<Options> = {} extends Options ? false : IsClosed<AppFields<Options, "user">>;

type IsClosed<Fields> = string extends keyof Fields ? false : true;

/** The fields of a model beside those of {@link CoreRows}: the app's own and those of its plugins. */
export type FieldsOf<Options, Model extends string> = AppFields<Options, Model> &
  PluginFields<PluginsOf<Options>, Model>;

/** The names of the tables that the app's plugins bring or add fields to. */
export type PluginModels<Options> = ModelsOf<PluginsOf<Options>>;

type AppFields<Options, Model extends string> = Options extends {
  readonly [Name in Model]: { readonly additionalFields?: infer Fields };
}
  ? unknown extends Fields
    ? {}
    : NonNullable<Fields>
  : {};

type PluginsOf<Options> = Options extends {
  readonly plugins: infer Plugins extends readonly unknown[];
}
  ? Plugins
  : [];

/** Of every plugin in its place; of those that are there or not, as `...(isOn ? [admin()] : [])`, each field may lack. */
type PluginFields<
  Plugins extends readonly unknown[],
  Model extends string,
  Found = {},
> = Plugins extends readonly [infer First, ...infer Others]
  ? PluginFields<Others, Model, Found & OwnFields<First, Model>>
  : Plugins extends readonly [...infer Others, infer Last]
    ? PluginFields<Others, Model, Found & OwnFields<Last, Model>>
    : Plugins extends readonly []
      ? Found
      : Found & Intersection<Perhaps<Plugins[number], Model>>;

/** Fields of a plugin's schema, and those that the app gave it as `schema: { member: { additionalFields } }`. */
type OwnFields<Plugin, Model extends string> = 0 extends 1 & Plugin
  ? {}
  : Declared<Plugin, Model> & AppFields<OptionsIn<Plugin>, Model>;

type Declared<Plugin, Model extends string> = [Plugin] extends [
  { readonly schema: { readonly [Name in Model]?: { readonly fields: infer Fields } | undefined } },
]
  ? unknown extends Fields
    ? {}
    : IsClosed<Fields> extends true
      ? Fields
      : {}
  : {};

type OptionsIn<Plugin> = [Plugin] extends [{ readonly options: { readonly schema: infer Schema } }]
  ? Schema
  : {};

type Perhaps<Plugin, Model extends string> = Plugin extends unknown
  ? { fields: Optional<OwnFields<Plugin, Model>> }
  : never;

type Optional<Fields> = {
  [Name in keyof Fields]: Omit<Fields[Name], "required"> & { required: false };
};

type Intersection<Union extends { fields: unknown }> = (
  Union extends { fields: infer Fields } ? (fields: Fields) => void : never
) extends (fields: infer All) => void
  ? All
  : {};

type ModelsOf<Plugins extends readonly unknown[]> = Plugins[number] extends infer Plugin
  ? Plugin extends { readonly schema: infer Schema }
    ? 0 extends 1 & Plugin
      ? never
      : string extends keyof Schema
        ? never
        : keyof Schema & string
    : never
  : never;
