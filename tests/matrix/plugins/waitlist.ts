import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const counts = { inherent: "counts by `status`, on which the plugin marks no index" };

export const waitlist: MatrixPlugin = definePlugin({
  name: "waitlist",
  package: "better-auth-waitlist",
  lines: `import { waitlist } from "better-auth-waitlist";

plugins: [
  convex({ authConfig }),
  // @ts-expect-error: its types are of an older Better Auth
  waitlist({ enabled: true }),
]`,
  notes: "A plugin of others, unmodified. It brings the table `waitlist`.",
  cases: [
    {
      name: "joins, is listed, found and approved",
      path: "happy",
      async run(t) {
        const email = `${t.unique("waiting")}@example.com`;
        const joined = await t.browser().post("/waitlist/join", { email }, counts);
        expect(joined.status).toBe(200);
        const { id } = joined.body;
        const status = `/waitlist/request/check-status?email=${encodeURIComponent(email)}`;
        expect((await t.browser().get(status)).text).toContain("pending");
        const manager = await t.person("Manager");
        const list = await manager.get("/waitlist/list?limit=100&sortBy=requestedAt", counts);
        expect(list.text).toContain(email);
        const found = await manager.get(`/waitlist/request/find?id=${id}`);
        expect(found.text).toContain(email);
        expect((await manager.post("/waitlist/request/approve", { id })).status).toBe(200);
        expect((await t.browser().get(status)).text).toContain("approved");
      },
    },
    {
      name: "joins twice, from a domain that is not wanted, is approved by a stranger",
      path: "failure",
      async run(t) {
        const email = `${t.unique("waiting")}@example.com`;
        const { id } = (await t.browser().post("/waitlist/join", { email }, counts)).body;
        const again = await t.browser().post("/waitlist/join", { email }, counts);
        expect(again.body.code).toBe("email_already_in_waitlist");
        const other = await t
          .browser()
          .post("/waitlist/join", { email: "a@elsewhere.org" }, counts);
        expect(other.body.code).toBe("domain_not_allowed");
        const stranger = await t.person("stranger");
        expect((await stranger.post("/waitlist/request/approve", { id })).status).toBe(403);
      },
    },
  ],
});
