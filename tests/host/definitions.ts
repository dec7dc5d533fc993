/** Reads the app's and the components' definitions and schemas by evaluating them, as a push does. */
import type { GenericSchema, SchemaDefinition } from "convex/server";
import { createRuntimeContext } from "./context.js";
import { createModuleSet } from "./modules.js";
import type { BundledComponent, BundledModule, PushRequest } from "./push-request.js";

/** A component as it is installed: at a path such as `betterAuth` or `parent/child`. */
export interface InstalledComponent {
  path: string;
  /** The variables that `app.use` binds: to a text, or to one of the app that is read anew each time. */
  env: Map<string, EnvBinding>;
  bundle: BundledComponent;
  schema: Schema | undefined;
}

/** What a component's variable is bound to. */
export type EnvBinding = { value: string } | { appVariable: string };

type Schema = SchemaDefinition<GenericSchema, boolean>;

/** Every component of the app, parents before children. */
export async function installedComponents(request: PushRequest): Promise<InstalledComponent[]> {
  const installed: InstalledComponent[] = [];
  const names = new Map<string, string>();
  for (const { definition, definitionPath } of request.componentDefinitions) {
    names.set(definitionPath, (await evaluateDefinition<Definition>(definition, names))._name);
  }
  const { definition } = request.appDefinition;
  if (definition) await install(definition, "", new Map());
  return installed;

  async function install(
    parent: BundledModule,
    parentPath: string,
    parentEnv: Map<string, EnvBinding>,
  ): Promise<void> {
    const { _childComponents: children = [] } = await evaluateDefinition<Definition>(parent, names);
    for (const [name, { componentDefinitionPath }, bindings] of children) {
      const bundle = request.componentDefinitions.find(
        (each) => each.definitionPath === componentDefinitionPath,
      );
      if (!bundle) throw new Error(`the push request lacks ${componentDefinitionPath}`);
      const path = parentPath === "" ? name : `${parentPath}/${name}`;
      if (installed.some((each) => each.path === path)) {
        throw new Error(`two components are installed as ${path}; give one another \`name\``);
      }
      const { _env: declared = {} } = await evaluateDefinition<Definition>(
        bundle.definition,
        names,
      );
      const resolve = (variable: string): EnvBinding | undefined =>
        parentPath === "" ? { appVariable: variable } : parentEnv.get(variable);
      const env = bindEnv(path, declared, bindings ?? {}, resolve);
      installed.push({ path, bundle, env, schema: await readSchema(bundle.schema) });
      await install(bundle.definition, path, env);
    }
  }
}

/** What the definition of an app or a component holds, as the `convex` library exports it. */
interface Definition {
  _name: string;
  _env?: Record<string, { isOptional: "optional" | "required" }>;
  _childComponents?: [
    name: string,
    definition: { componentDefinitionPath: string },
    env: Record<string, string | { __envVarRef: string }> | null,
  ][];
}

function bindEnv(
  path: string,
  declared: NonNullable<Definition["_env"]>,
  bindings: Record<string, string | { __envVarRef: string }>,
  resolve: (variable: string) => EnvBinding | undefined,
): Map<string, EnvBinding> {
  const undeclared = Object.keys(bindings).find((name) => !(name in declared));
  if (undeclared !== undefined) {
    throw new Error(`component ${path} does not declare the variable ${undeclared}`);
  }
  const env = new Map<string, EnvBinding>();
  for (const [name, { isOptional }] of Object.entries(declared)) {
    const bound = bindings[name];
    if (bound === undefined && isOptional === "required") {
      throw new Error(`component ${path} needs a value for the variable ${name}`);
    }
    if (bound === undefined) continue;
    const binding = typeof bound === "string" ? { value: bound } : resolve(bound.__envVarRef);
    if (binding) env.set(name, binding);
  }
  return env;
}

/** The schema that a module exports, if there is one. */
export async function readSchema(module: BundledModule | null): Promise<Schema | undefined> {
  return module ? await evaluateDefinition<Schema>(module, new Map()) : undefined;
}

/** What a definition module exports. Definitions that it imports are stood for by their path and default name. */
async function evaluateDefinition<T>(
  module: BundledModule,
  names: Map<string, string>,
): Promise<T> {
  const runtime = createRuntimeContext({
    kind: "config",
    // A component's definition that asks for a variable fails the push.
    env: () => undefined,
    envUnsetThrows: true,
    callTime: 0,
    onClockRead: () => undefined,
    log: () => undefined,
  });
  const modules = createModuleSet([module], (specifier) => {
    // The CLI replaces imports of other definitions by `./_componentDeps/<base64url of their path>`.
    const encoded = /^\.\/_componentDeps\/(.+)$/.exec(specifier)?.[1];
    if (encoded === undefined) return undefined;
    const componentDefinitionPath = Buffer.from(encoded, "base64url").toString("utf8");
    const stand = { componentDefinitionPath, defaultName: names.get(componentDefinitionPath) };
    return { __esModule: true, default: stand };
  });
  const { namespace } = await modules.evaluate(module.path, runtime.context);
  const extra = Object.keys(namespace).find((name) => name !== "default");
  if (extra !== undefined && module.path.includes("convex.config")) {
    throw new Error(`${module.path} exports ${extra}; only a default export is allowed there`);
  }
  return namespace["default"] as T;
}
