/** Where an Expo app says its scheme. */
import { describe, expect, it } from "vitest";
import { findProject } from "../../../js/cli/init/project.js";
import { schemeOf } from "../../../js/cli/init/templates/expo.js";
import { appWith, manifest } from "./support/apps.js";

describe("an Expo app's scheme", () => {
  const scheme = async (files: Record<string, string>): Promise<string> =>
    schemeOf(findProject(await appWith({ "package.json": manifest("expo"), ...files })));

  it.each(["ts", "js", "mjs", "cjs"])("is read from app.config.%s", async (end) => {
    const text = '// scheme: "old"\nexport default { name: "x", scheme: "myapp" };\n';
    expect(await scheme({ [`app.config.${end}`]: text })).toBe("myapp");
  });

  it("is asked for where the app's configuration is", async () => {
    const text = "export default { scheme: process.env.SCHEME };\n";
    await expect(scheme({ "app.config.ts": text })).rejects.toThrow("that app.config.ts gives");
    await expect(scheme({})).rejects.toThrow('"expo" of app.json');
  });
});
