/** Where an Expo app says its scheme. */
import { describe, expect, it } from "vitest";
import { findProject } from "../../../js/cli/init/project.js";
import { schemeOf } from "../../../js/cli/init/templates/expo.js";
import { appWith, manifest } from "./support/apps.js";

const ANDROID = {
  intentFilters: [{ action: "VIEW", data: [{ scheme: "https", host: "app.example.com" }] }],
};

describe("an Expo app's scheme", () => {
  const scheme = async (files: Record<string, string | object>): Promise<string> =>
    schemeOf(findProject(await appWith({ "package.json": manifest("expo"), ...files })));

  it.each(["ts", "js", "mjs", "cjs"])("is read from app.config.%s", async (end) => {
    const text = '// scheme: "old"\nexport default { name: "x", scheme: "myapp" };\n';
    expect(await scheme({ [`app.config.${end}`]: text })).toBe("myapp");
  });

  it.each([
    ["app.json", JSON.stringify({ expo: { android: ANDROID, scheme: "myapp" } })],
    ["app.json", JSON.stringify({ expo: { android: ANDROID, scheme: ["myapp", "other"] } })],
    ["app.json", JSON.stringify({ android: ANDROID, scheme: "myapp" })],
    ["app.json", "// Expo takes this.\n{ expo: { scheme: 'myapp', }, }"],
    ["app.config.ts", `export default { android: ${JSON.stringify(ANDROID)}, scheme: "myapp" };`],
    [
      "app.config.ts",
      `const android = ${JSON.stringify(ANDROID)};\nexport default ({ config }: ConfigContext) => ({ ...config, android, scheme: [\`myapp\`] });`,
    ],
  ])("is not that of an intent filter in %s: %s", async (path, text) => {
    expect(await scheme({ [path]: text })).toBe("myapp");
  });

  it("is not there where intent filters alone have one, or a page's", async () => {
    const app = { expo: { android: ANDROID } };
    await expect(scheme({ "app.json": app })).rejects.toThrow('"expo" of app.json');
    await expect(scheme({ "app.json": { expo: { scheme: "https" } } })).rejects.toThrow(
      "no scheme",
    );
    await expect(scheme({ "app.json": "{ expo" })).rejects.toThrow("no scheme");
  });

  it("is asked for where the app's configuration is", async () => {
    const text = "export default { scheme: process.env.SCHEME };\n";
    await expect(scheme({ "app.config.ts": text })).rejects.toThrow("that app.config.ts gives");
    await expect(scheme({})).rejects.toThrow('"expo" of app.json');
  });
});
