import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import { defineSchema } from "convex/server";
import { register } from "../../../js/test/index.js";

/** An app in which the component is installed, with these functions as `app:name` and no tables of its own. */
export function functionsApp(functions: object) {
  const schema = defineSchema({});
  const t: TestConvex<typeof schema> = convexTest({
    schema,
    modules: {
      "./_generated/api.ts": () => Promise.resolve({}),
      "./app.ts": () => Promise.resolve(functions),
    },
  });
  register(t);
  return t;
}
