/**
 * Prints, as JSON, the names of the tests in each official suite: every `…TestSuite` that @better-auth/test-utils
 * exports is built with a test runner that only writes names down. Run by itself, because inside vitest the package's
 * `import "vitest"` cannot be answered by something else.
 */
import { register } from "node:module";

const module = (source) => `data:text/javascript,${encodeURIComponent(source)}`;
const runner = module(`
  const names = (globalThis.officialTests ??= []);
  // A suite announces itself with a plain test() and registers its own tests with test.skipIf(…)().
  export const test = Object.assign(() => {}, { skipIf: () => (name) => names.push(name) });
  const nothing = () => {};
  export { nothing as expect, nothing as describe, nothing as beforeAll, nothing as afterAll };
`);
register(
  module(`export const resolve = (specifier, context, next) =>
    specifier === "vitest"
      ? { url: ${JSON.stringify(runner)}, shortCircuit: true }
      : next(specifier, context);`),
);

const suites = await import("@better-auth/test-utils/adapter");
const found = {};
for (const [name, makeSuite] of Object.entries(suites)) {
  if (!name.endsWith("TestSuite") || name === "createTestSuite") continue;
  globalThis.officialTests.length = 0;
  const adapter = { options: { adapterConfig: {} } };
  await makeSuite()({ adapter: () => adapter, getBetterAuthOptions: () => ({}) });
  found[name] = [...globalThis.officialTests];
}
console.log(JSON.stringify(found));
