/**
 * Counts what would cost a real backend a warm context: an error out of a function of a module that exports
 * `experimental_reuseContext`. The backend then begins another context, with memory of its own, on each such call.
 */
import type { ComponentRegistry } from "../../js/test/index.js";

type Handler = (ctx: unknown, args: unknown) => unknown;
type Modules = Record<string, () => Promise<unknown>>;

/** A registry that registers a component's functions so that their errors are noted in `dropped`, as `module:function`. */
export function notingDrops(t: ComponentRegistry, dropped: string[]): ComponentRegistry {
  return {
    registerComponent: (path, schema, modules) =>
      t.registerComponent(path, schema, watched(modules, dropped)),
  };
}

function watched(modules: Modules, dropped: string[]): Modules {
  return Object.fromEntries(
    Object.entries(modules).map(([path, load]) => [
      path,
      async () => {
        const loaded = (await load()) as Record<string, unknown>;
        if (loaded["experimental_reuseContext"] !== true) return loaded;
        const module = path.replace(/^.*\/|\.ts$/g, "");
        return Object.fromEntries(
          Object.entries(loaded).map(([name, exported]) => [
            name,
            typeof exported === "function" && "_handler" in exported
              ? noting(exported as never, () => dropped.push(`${module}:${name}`))
              : exported,
          ]),
        );
      },
    ]),
  );
}

function noting(registered: object & { _handler: Handler }, note: () => void): object {
  const handler: Handler = async (ctx, args) => {
    try {
      return await registered._handler(ctx, args);
    } catch (error) {
      note();
      throw error;
    }
  };
  return Object.assign(() => undefined, registered, { _handler: handler });
}
