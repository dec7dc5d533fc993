import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const openApi: MatrixPlugin = definePlugin({
  name: "open-api",
  package: "better-auth",
  lines: `import { openAPI } from "better-auth/plugins";

plugins: [convex({ authConfig }), openAPI()]`,
  notes:
    "The reference is at `https://<deployment>.convex.site/api/auth/reference`, and has `convex()`'s endpoints too.",
  cases: [
    {
      name: "describes the endpoints",
      path: "happy",
      async run(t) {
        const schema = await t.browser().get("/open-api/generate-schema");
        expect(schema.body.openapi).toMatch(/^3\./);
        expect(Object.keys(schema.body.paths)).toEqual(
          expect.arrayContaining(["/sign-in/email", "/get-session", "/convex/token"]),
        );
        const page = await t.browser().visit(`${t.host.siteUrl}/api/auth/reference`);
        expect(page.headers.get("content-type")).toContain("text/html");
      },
    },
    {
      name: "the reference is switched off",
      path: "failure",
      sets: ["open-api:quiet"],
      async run(t) {
        const page = await t.browser().visit(`${t.host.siteUrl}/api/auth/reference`);
        expect(page.status).toBe(404);
      },
    },
  ],
});
