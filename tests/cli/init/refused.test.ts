/** Apps with Vite and React that are no page of Vite's alone. */
import { describe, expect, it } from "vitest";
import { makePlan } from "../../../js/cli/init/plan.js";
import { findProject } from "../../../js/cli/init/project.js";
import { appWith, manifest } from "./support/apps.js";

describe("an app with Vite and React that is no page of Vite's alone", () => {
  it("is refused where React Router renders it, whose Convex files have one origin", async () => {
    const packages = manifest("@react-router/dev", "vite", "react", "typescript");
    const project = findProject(await appWith({ "package.json": packages, "src/main.tsx": "" }));
    expect(project.framework).toBeUndefined();
    expect(() => makePlan(project, "vite")).toThrow(/--framework none.*docs\/other-servers\.md/);
    const texts = makePlan(project, "none").changes.map((each) =>
      each.kind === "write" ? each.text : "",
    );
    expect(texts.join("")).not.toMatch(/crossDomain|cors/);
  });

  it("is refused where no page names a script of it", async () => {
    const project = findProject(
      await appWith({
        "package.json": manifest("vite", "react", "typescript"),
        "index.html": '<script src="/src/gone.tsx"></script>',
      }),
    );
    expect(() => makePlan(project, "vite")).toThrow("no index.html that names a script");
  });
});
