/** Reads the app's and the components' definitions and schemas by evaluating them, as a push does. */
import type { GenericSchema, SchemaDefinition } from "convex/server";
import { createRuntimeContext } from "./context.js";
import { createModuleSet } from "./modules.js";
import type { BundledComponent, BundledModule, PushRequest } from "./push-request.js";

/** A component as it is installed: at a path such as `betterAuth` or `parent/child`. */
export interface InstalledComponent {
  path: string;
  bundle: BundledComponent;
  schema: Schema | undefined;
}

type Schema = SchemaDefinition<GenericSchema, boolean>;

/** Every component of the app, parents before children. */
export async function installedComponents(request: PushRequest): Promise<InstalledComponent[]> {
  const installed: InstalledComponent[] = [];
  const names = new Map<string, string>();
  for (const { definition, definitionPath } of request.componentDefinitions) {
    names.set(
      definitionPath,
      (await evaluateDefinition<{ _name: string }>(definition, names))._name,
    );
  }
  const { definition } = request.appDefinition;
  if (definition) await install(definition, "");
  return installed;

  async function install(parent: BundledModule, parentPath: string): Promise<void> {
    const { _childComponents: children = [] } = await evaluateDefinition<Parent>(parent, names);
    for (const [name, { componentDefinitionPath }] of children) {
      const bundle = request.componentDefinitions.find(
        (each) => each.definitionPath === componentDefinitionPath,
      );
      if (!bundle) throw new Error(`the push request lacks ${componentDefinitionPath}`);
      const path = parentPath === "" ? name : `${parentPath}/${name}`;
      installed.push({ path, bundle, schema: await readSchema(bundle.schema) });
      await install(bundle.definition, path);
    }
  }
}

/** A definition that installs others, as the `convex` library exports it. */
interface Parent {
  _childComponents?: [
    name: string,
    definition: { componentDefinitionPath: string },
    options: unknown,
  ][];
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
    kind: "definition",
    env: () => undefined,
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
  return namespace["default"] as T;
}
