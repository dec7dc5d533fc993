/** The SCIM plugin, which demands real transactions: the official lifecycle, unmodified, and its rollback. */
import { scim } from "@better-auth/scim";
import { runSCIMLifecycle } from "@better-auth/test-utils/scim";
import type { BetterAuthPlugin } from "better-auth";
import { afterEach, expect, it, vi } from "vitest";
import { SITE } from "../plugins/support/app.js";
import { createComponentApp } from "../support/component-app.js";
import { dump } from "./support/dump.js";
import type { Dump } from "./support/dump.js";

const token = "a-directory-service-knows-this-0123456789";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function createApp(reconcileUser: () => void = () => undefined) {
  const connections = [
    { id: "acme", credentials: [{ type: "bearer" as const, id: "first", token }] },
  ];
  const app = createComponentApp({
    plugins: [scim({ connections, projection: { reconcileUser } }) as BetterAuthPlugin],
  });
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
    app.auth().handler(new Request(url, init)),
  );
  return app;
}

it(
  "passes the official lifecycle of users and groups, and leaves nothing of a failed change",
  { timeout: 120_000 },
  async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    let failing = false;
    let untouched: Dump = {};
    const seen: string[] = [];
    const app = createApp(() => {
      if (failing) throw new Error("the application refuses");
    });
    await runSCIMLifecycle({
      baseURL: SITE,
      token,
      testId: "lifecycle",
      projectionFailure: {
        enable: () => (failing = true),
        disable: () => (failing = false),
      },
      async onCheckpoint(name) {
        seen.push(name);
        if (name === "group-created") untouched = await dump(app.harness);
        if (name === "failed-add-rolled-back") expect(await dump(app.harness)).toEqual(untouched);
      },
    });
    expect(seen.at(-1)).toBe("lifecycle-complete");
    expect(seen).toContain("failed-add-rolled-back");
    const left = await dump(app.harness);
    for (const table of ["scimUser", "scimGroup", "scimGroupMember"])
      expect(left[table]).toBeUndefined();
  },
);

it("of ten services that create one user at once, one does", async () => {
  const app = createApp();
  const body = JSON.stringify({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: "ada@example.com",
    emails: [{ value: "ada@example.com", primary: true }],
  });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      fetch(`${SITE}/api/auth/scim/v2/Users`, { method: "POST", headers, body }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  expect(await app.rows("scimUser")).toHaveLength(1);
  expect(await app.rows("user")).toHaveLength(1);
});
