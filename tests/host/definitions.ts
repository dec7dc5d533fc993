/** Reads the app's and the components' definitions and schemas by evaluating them, as a push does. */
import type { GenericSchema, SchemaDefinition } from "convex/server";
import * as vm from "node:vm";
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
  const { definition } = request.appDefinition;
  if (definition) await install(definition, "", "");
  return installed;

  async function install(parent: BundledModule, parentPath: string, parentDefinition: string): Promise<void> {
    for (const [name, definitionPath] of await children(parent, parentDefinition, request)) {
      const bundle = request.componentDefinitions.find((each) => each.definitionPath === definitionPath);
      if (!bundle) throw new Error(`the push request lacks the component ${definitionPath}`);
      const path = parentPath === "" ? name : `${parentPath}/${name}`;
      installed.push({ path, bundle, schema: await readSchema(bundle.schema) });
      await install(bundle.definition, path, definitionPath);
    }
  }
}

/** The schema that a module exports, if there is one. */
export async function readSchema(module: BundledModule | null): Promise<Schema | undefined> {
  if (!module) return undefined;
  const { namespace } = await evaluateDefinition([module], module.path);
  return namespace["default"] as Schema;
}

async function children(
  definition: BundledModule,
  _definitionPath: string,
  request: PushRequest,
): Promise<[name: string, definitionPath: string][]> {
  const names = new Map<string, string>();
  for (const component of request.componentDefinitions) {
    names.set(component.definitionPath, await defaultName(component));
  }
  const { namespace } = await evaluateDefinition([definition], definition.path, (specifier, context) => {
    const path = dependencyPath(specifier);
    if (path === undefined) return undefined;
    const value = { componentDefinitionPath: path, defaultName: names.get(path) };
    return new vm.SyntheticModule(["default"], function () {
      this.setExport("default", value);
    }, { context });
  });
  const exported = namespace["default"] as { _childComponents?: [string, { componentDefinitionPath: string }, unknown][] };
  return (exported._childComponents ?? []).map(([name, child]) => [name, child.componentDefinitionPath]);
}

async function defaultName(component: BundledComponent): Promise<string> {
  const { namespace } = await evaluateDefinition([component.definition], component.definition.path, (specifier, context) =>
    dependencyPath(specifier) === undefined
      ? undefined
      : new vm.SyntheticModule(["default"], function () {
          this.setExport("default", { componentDefinitionPath: specifier });
        }, { context }),
  );
  return (namespace["default"] as { _name: string })._name;
}

/** The CLI replaces imports of other definitions by `./_componentDeps/<base64url of their path>`. */
function dependencyPath(specifier: string): string | undefined {
  const encoded = /^\.\/_componentDeps\/(.+)$/.exec(specifier)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64url").toString("utf8");
}

async function evaluateDefinition(
  modules: BundledModule[],
  path: string,
  provide?: Parameters<typeof createModuleSet>[1],
): Promise<{ namespace: Record<string, unknown> }> {
  const runtime = createRuntimeContext({
    kind: "definition",
    env: () => undefined,
    callTime: 0,
    onClockRead: () => undefined,
    log: () => undefined,
  });
  return createModuleSet(modules, provide).evaluate(path, runtime.context);
}
