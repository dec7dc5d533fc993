/** What is shown of a change. */
import { describe, expect, it } from "vitest";
import { diffOf } from "../../../js/cli/init/show.js";
import { addVariable } from "../../../js/cli/init/patches/dotenv.js";

describe("a diff of variables", () => {
  it.each([
    ["below others", "SECRET=hunter2\nTOKEN=hunter3\n"],
    ["below a last line without an end", "SECRET=hunter2\nTOKEN=hunter3"],
    ["below a line with another end", "SECRET=hunter2\r\nTOKEN=hunter3\n"],
  ])("shows what is added alone: %s", (_, before) => {
    const patched = addVariable("SITE_URL", "http://localhost:3000")(before, ".env.local");
    const { text } = patched as { text: string };
    const shown = ["apps/web/.env.local", ".env"].map((path) =>
      diffOf({ kind: "patch", path, before, text, lines: "" }),
    );
    for (const diff of shown) {
      expect(diff).not.toMatch(/hunter|SECRET|TOKEN/);
      expect(diff.split("\n").filter((line) => /^[-+ ]/.test(line))).toEqual([
        ...[expect.stringMatching(/^--- a\//), expect.stringMatching(/^\+\+\+ b\//)],
        "+SITE_URL=http://localhost:3000",
      ]);
    }
  });

  it("is that of any other file with the lines around it", () => {
    const change = { kind: "patch", path: "src/main.tsx", before: "a\n", text: "a\nb\n" } as const;
    expect(diffOf({ ...change, lines: "" })).toContain("\n a\n+b\n");
  });
});
