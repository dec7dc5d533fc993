import { expect } from "vitest";
import type { Dashboard } from "../parties/dashboard.js";
import { startDashboard } from "../parties/dashboard.js";
import type { Answer, RequestOptions } from "../support/browser.js";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const sessions = { inherent: "counts the users of each interval, reads a hundred of its sessions" };
const search = { inherent: "looks for a beginning in any case in every organization" };

/** A request of the dashboard's, whose token says what it is about. */
async function asked(
  t: Tools,
  dashboard: Dashboard,
  path: string,
  { about, ...options }: RequestOptions & { about?: Record<string, unknown> } = {},
): Promise<Answer> {
  return t.program().visit(`${t.host.siteUrl}/api/auth/dash${path}`, {
    ...options,
    headers: await dashboard.headers(about),
  });
}

/** Conditions, as the dashboard writes them into the query. */
const where = (...clauses: object[]): string => encodeURIComponent(JSON.stringify(clauses));

export const dash: MatrixPlugin = definePlugin<Dashboard>({
  name: "dash",
  package: "@better-auth/infra",
  lines: `import { dash } from "@better-auth/infra";

plugins: [convex({ authConfig }), dash({ apiKey: process.env.BETTER_AUTH_API_KEY! })]`,
  notes:
    "The dashboard asks the deployment, with tokens that the plugin checks: enter the deployment's own address there, or the app's on one origin. It needs of a database what the adapter has: pages by `offset`, counts, `OR` beside `AND`, comparisons without regard to case, joins. Its figures for active users and its retention read the sessions of each interval; Better Auth's default of 100 rows a list (`advanced.database.defaultFindManyLimit`) is the most that they count, on every database. Its events go to the service before an answer leaves, since an action of Convex ends with its answer: while the service does not answer, sign-ups take some seconds. `sentinelClient()` may stand before or after `crossDomainClient()`: what signs in after a challenge signs the tab in.",
  party: () => startDashboard(),
  cases: [
    {
      name: "shows the set-up, and lists users with a filter, an order and pages",
      path: "happy",
      async run(t, dashboard) {
        const word = t.unique("listed");
        for (const name of ["c", "a", "b"]) await t.person(`${word}${name}`);
        const config = await asked(t, dashboard, "/config");
        expect(config.body.insights.adapter).toMatchObject({
          id: "convex-gate",
          supportsTransactions: true,
          supportsDates: true,
        });
        expect(config.text).not.toContain("an-api-key-of-the-tests");
        const filter = where({ field: "email", operator: "starts_with", value: word });
        const listed = await asked(
          t,
          dashboard,
          `/list-users?limit=2&offset=1&sortBy=email&sortOrder=asc&where=${filter}&countWhere=${filter}`,
        );
        expect(listed.body).toMatchObject({ total: 3, limit: 2, offset: 1 });
        expect(listed.body.users.map(({ email }: { email: string }) => email)).toEqual([
          expect.stringContaining(`${word}b`),
          expect.stringContaining(`${word}c`),
        ]);
      },
    },
    {
      name: "counts sign-ups, active users and who came back",
      path: "happy",
      async run(t, dashboard) {
        await t.person();
        const stats = await asked(t, dashboard, "/user-stats", sessions);
        expect(stats.body.degraded).toBeUndefined();
        expect(stats.body.daily.signUps).toBeGreaterThan(0);
        expect(stats.body.activeUsers.daily.active).toBeGreaterThan(0);
        expect(stats.body.total).toBeGreaterThanOrEqual(stats.body.daily.signUps);
        const graph = await asked(t, dashboard, "/user-graph-data?period=daily", sessions);
        expect(graph.body.data).toHaveLength(7);
        expect(graph.body.data.at(-1)).toMatchObject({ newUsers: expect.any(Number) });
        const retention = await asked(t, dashboard, "/user-retention-data?period=weekly");
        expect(retention.body.data).toHaveLength(8);
      },
    },
    {
      name: "shows a user, changes one, ends sessions and deletes one",
      path: "happy",
      async run(t, dashboard) {
        const person = await t.person();
        const about = { userId: person.id };
        const shown = await asked(t, dashboard, "/user", { about });
        expect(shown.body).toMatchObject({ id: person.id, email: person.email });
        expect([shown.body.session.length, shown.body.account.length]).toEqual([1, 1]);
        const changed = await asked(t, dashboard, "/update-user", {
          about,
          body: { name: "Ada Lovelace" },
        });
        expect(changed.status).toBe(200);
        expect(await t.me(person)).toMatchObject({ name: "Ada Lovelace" });
        const ended = await asked(t, dashboard, "/sessions/revoke-all", { body: about });
        expect(ended.status).toBe(200);
        expect(await t.me(person)).toBeNull();
        const made = await asked(t, dashboard, "/create-user", {
          body: { name: "Grace", email: `${t.unique("made")}@example.com` },
        });
        expect(made.status).toBe(200);
        expect((await asked(t, dashboard, "/delete-user", { about, body: {} })).status).toBe(200);
        expect((await asked(t, dashboard, "/user", { about })).status).toBe(404);
      },
    },
    {
      name: "lets the dashboard's user act as another one, in the browser",
      path: "happy",
      async run(t, dashboard) {
        const person = await t.person();
        const redirectUrl = `${t.site}/inside`;
        const { authorization = "" } = await dashboard.headers({ userId: person.id, redirectUrl });
        const browser = t.browser();
        const token = authorization.replace("Bearer ", "");
        const end = await browser.visit(
          `${t.host.siteUrl}/api/auth/dash/impersonate-user?impersonation_token=${token}`,
        );
        expect(end.location?.href).toBe(redirectUrl);
        expect(await t.me(browser)).toMatchObject({ id: person.id });
      },
    },
    {
      name: "lists organizations by a beginning in any case, with their members counted",
      path: "happy",
      sets: ["dash:organization"],
      async run(t, dashboard) {
        const person = await t.person();
        const slug = t.unique("acme");
        const made = await person.post(
          "/organization/create",
          { name: `ACME ${slug}`, slug },
          { uncounted: true },
        );
        expect(made.status).toBe(200);
        const found = await asked(
          t,
          dashboard,
          `/list-organizations?search=${slug.toUpperCase()}&sortBy=name&sortOrder=asc&startDate=2020-01-01`,
          search,
        );
        expect(found.body).toMatchObject({
          total: 1,
          organizations: [{ slug, memberCount: 1, members: [{ id: person.id }] }],
        });
      },
    },
    {
      name: "reads any table that it is asked for",
      path: "happy",
      async run(t, dashboard) {
        const person = await t.person();
        const read = await asked(t, dashboard, "/execute-adapter", {
          body: {
            action: "findMany",
            model: "user",
            where: [
              { field: "id", value: person.id, connector: "OR" },
              { field: "email", value: "nobody@example.com", connector: "OR" },
            ],
            join: { session: true },
          },
        });
        expect(read.body.result).toMatchObject([
          { id: person.id, session: [{ userId: person.id }] },
        ]);
      },
    },
    {
      name: "a request without a token of the app's own dashboard",
      path: "failure",
      async run(t, dashboard) {
        const url = `${t.host.siteUrl}/api/auth/dash/list-users`;
        expect((await t.program().visit(url)).status).toBe(401);
        const headers = await dashboard.headers({}, "another-key");
        expect((await t.program().visit(url, { headers })).status).toBe(401);
      },
    },
  ],
});
