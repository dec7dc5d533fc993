/** What a push refuses. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { installedComponents } from "./definitions.js";
import { bundleApp, parsePushRequest } from "./push-request.js";
import type { BundledModule, PushRequest } from "./push-request.js";
import { startHost } from "./host.js";

let request: PushRequest;

beforeAll(async () => {
  request = await bundleApp(join(import.meta.dirname, "fixture"));
});

const module = (path: string, source: string): BundledModule => ({
  path,
  source,
  environment: "isolate",
});
const withModule = (added: BundledModule): PushRequest => ({
  ...request,
  appDefinition: {
    ...request.appDefinition,
    changedModules: [
      ...request.appDefinition.changedModules.filter(({ path }) => path !== added.path),
      added,
    ],
  },
});
const started = async (pushRequest: PushRequest): Promise<string> => {
  const env = { LOCAL_JWKS: "data:application/json,{}" };
  const { banner, close } = await startHost({ pushRequest, env });
  await close();
  return banner;
};
const withDefinition = (change: (source: string) => string): PushRequest => ({
  ...request,
  componentDefinitions: request.componentDefinitions.map((each) => ({
    ...each,
    definition: { ...each.definition, source: change(each.definition.source) },
  })),
});

test("components are installed under their own names", async () => {
  const installed = await installedComponents(request);
  expect(installed.map(({ path }) => path)).toEqual(["ledger", "second"]);
});

test.each([
  [
    "a hyphen in a path",
    "with-hyphen.js",
    "",
    /^with-hyphen\.js is not a valid path to a Convex module\./,
  ],
  ["a module that throws", "broken.js", "throw new Error('at import')", /at import/],
  ["top-level await", "late.js", "await 1;", /Top-level awaits/],
  [
    "a clock in auth.config",
    "auth.config.js",
    "export default Date.now()",
    /^Date unsupported when evaluating auth config file/,
  ],
  [
    "a random auth.config",
    "auth.config.js",
    "export default Math.random()",
    /^Math\.random unsupported when evaluating auth config file/,
  ],
  [
    "a provider of neither kind",
    "auth.config.js",
    "export default { providers: [{ type: 'customJwt', domain: 'x' }] }",
    /Provider at index 0 is a customJwt so cannot have a 'domain' specified/,
  ],
])("%s is refused", async (_name, path, source, message) => {
  const pushed = startHost({ pushRequest: withModule(module(path, source)) });
  await expect(pushed).rejects.toThrow(message);
});

test.each([
  ["a second export", (source: string) => `${source}\nexport const extra = 1;`, /exports extra/],
  ["a variable", (source: string) => `process.env.ANY;\n${source}`, /ANY/],
  [
    "the clock",
    (source: string) => `Date.now();\n${source}`,
    /^Date unsupported when evaluating app definition/,
  ],
])("%s in a component's definition is refused", async (_name, change, message) => {
  await expect(installedComponents(withDefinition(change))).rejects.toThrow(message);
});

test("a query in a module for Node is refused", async () => {
  const source =
    "export const look = Object.assign(() => null, { isQuery: true, exportArgs: () => '{}' });";
  const pushed = started(withModule({ ...module("native.js", source), environment: "node" }));
  await expect(pushed).rejects.toThrow(
    "`look` defined in `native.js` is a Query function. Only actions can be defined in Node.js.",
  );
});

test("the banner says what this is, and which cron jobs wait to be asked for", async () => {
  const banner = await started(request);
  expect(banner).toMatch(/^This is a local host and not Convex/);
  expect(banner).toContain('The cron job "sweep" does not run by itself here.');
  expect(banner).not.toContain("pulse");
});

test("a text that is no push request says what it lacks", () => {
  expect(() => parsePushRequest("{}")).toThrow(/appDefinition\.changedModules is missing/);
});
