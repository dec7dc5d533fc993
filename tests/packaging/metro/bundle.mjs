/**
 * Bundles an app for some platforms with the real Metro: `node bundle.mjs SETTINGS`, in a process of its own. Writes
 * `PLATFORM.js` for each into the app's folder, and what each is made of into `modules.json`.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * `folder` is the app's, `platforms` are the names of Metro; `tools` the node_modules of the lock file here, `modules` those of the repository, of which Metro
 * looks at `packages`. `cache` keeps what was transformed before.
 */
const { folder, platforms, tools, modules, packages, cache } = JSON.parse(process.argv[2]);
const require = createRequire(join(tools, "of-metro.js"));
const { runBuild, loadConfig } = require("metro");
const { FileStore } = require("metro-cache");

const made = {};
for (const platform of platforms) {
  const seen = new Set();
  const config = await loadConfig(
    { cwd: folder },
    {
      projectRoot: folder,
      watchFolders: [tools, ...packages.map((name) => join(modules, name))],
      cacheStores: [new FileStore({ root: join(cache, "transformed") })],
      maxWorkers: 1,
      reporter: { update: () => undefined },
      resolver: {
        nodeModulesPaths: [tools, modules],
        // As @expo/metro-config 57 has them.
        platforms: ["ios", "android", "web"],
        unstable_conditionsByPlatform: {
          ios: ["react-native"],
          android: ["react-native"],
          web: ["browser"],
        },
        unstable_enablePackageExports: true,
        // As Expo's command line has it, which takes react-native-web on the web.
        resolveRequest: (context, name, on) =>
          context.resolveRequest(
            context,
            on === "web" && name === "react-native" ? "react-native-web" : name,
            on,
          ),
      },
      serializer: {
        getPolyfills: () => [],
        processModuleFilter: ({ path }) => Boolean(seen.add(path)),
      },
    },
  );
  const out = join(folder, platform);
  const entry = join(folder, "index.js");
  await runBuild(config, { entry, platform, minify: false, dev: false, out });
  made[platform] = [...seen];
}
writeFileSync(join(folder, "modules.json"), JSON.stringify(made));
