/** A session that ends is seen at once by a subscribed client, whoever ended it, and renewed over HTTP only. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionsApp, SignedUp } from "./sessions-app.js";
import { PASSWORD, startSessionsApp } from "./sessions-app.js";

type Me = { email: string } | null;

const query = <T>(name: string) => makeFunctionReference<"query", Record<string, never>, T>(name);
const me = query<Me>("sessions:me");
let app: SessionsApp;
let administrator: SignedUp;
/** What the administrator's own client sees: nobody else's session may end with another. */
let bystander: ReturnType<typeof watch>;

beforeAll(async () => {
  app = await startSessionsApp("revocation");
  administrator = await app.signUp("root");
  await app.host.setEnv({ ADMIN_ID: administrator.userId });
  bystander = watch(administrator);
  await bystander.until((value) => value !== null);
});
afterAll(() => app.close());

const call = (kind: "mutation" | "action", name: string, args: Record<string, string>) => {
  const client = new ConvexHttpClient(app.host.url, { logger: false });
  return kind === "mutation"
    ? client.mutation(makeFunctionReference<"mutation">(name), args)
    : client.action(makeFunctionReference<"action">(name), args);
};

/** Follows one query of one client. Nothing is reloaded and no token is fetched again to see a change. */
function watch(person: SignedUp) {
  const client = app.client(person.browser);
  const seen: Me[] = [];
  let changed: () => void = () => undefined;
  client.onUpdate(me, {}, (value) => {
    seen.push(value);
    changed();
  });
  return {
    seen,
    async until(wanted: (value: Me) => boolean): Promise<void> {
      while (!seen.some((value, index) => index === seen.length - 1 && wanted(value)))
        await new Promise<void>((resolve) => (changed = resolve));
    },
  };
}

describe("a subscribed client learns at once of", () => {
  const ends: [string, (person: SignedUp) => Promise<unknown>][] = [
    ["a sign-out", ({ browser }) => browser.post("/sign-out", {})],
    ["a ban", ({ userId }) => administrator.browser.post("/admin/ban-user", { userId })],
    [
      "a password change elsewhere",
      async ({ email }) => {
        const elsewhere = await app.signIn(email);
        return elsewhere.post("/change-password", {
          currentPassword: PASSWORD,
          newPassword: `${PASSWORD}!`,
          revokeOtherSessions: true,
        });
      },
    ],
    [
      "the revocation of its session elsewhere",
      async ({ email, browser }) => {
        const elsewhere = await app.signIn(email);
        const cookie = decodeURIComponent(browser.cookie("better-auth.session_token") ?? "");
        return elsewhere.post("/revoke-session", { token: cookie.split(".")[0] });
      },
    ],
    ["the deletion of its user", ({ browser }) => browser.post("/delete-user", {})],
    [
      "the removal of its user",
      ({ userId }) => administrator.browser.post("/admin/remove-user", { userId }),
    ],
    [
      "revokeSession in a mutation",
      ({ sessionId }) => call("mutation", "sessions:revokeInMutation", { sessionId }),
    ],
    [
      "revokeSession in an action",
      ({ sessionId }) => call("action", "sessions:revokeInAction", { sessionId }),
    ],
    [
      "revokeUserSessions in a mutation",
      ({ userId }) => call("mutation", "sessions:revokeAllInMutation", { userId }),
    ],
    [
      "revokeUserSessions in an action",
      ({ userId }) => call("action", "sessions:revokeAllInAction", { userId }),
    ],
  ];

  it.each(ends)("%s", async (name, end) => {
    const person = await app.signUp(name.replaceAll(/\W/g, "-").toLowerCase());
    const watched = watch(person);
    await watched.until((value) => value?.email === person.email);
    await end(person);
    await watched.until((value) => value === null);
    expect(await person.browser.token(false)).toBeNull();
    expect(bystander.seen.at(-1)).toMatchObject({ email: administrator.email });
  });
});

describe("renewal (updateAge)", () => {
  it("happens over HTTP, with both cookies anew, and never in a query", async () => {
    const { browser, email } = await app.signUp("renewed");
    const expiry = async (): Promise<string> => {
      const { body } = await browser.get("/get-session");
      return (body as { session: { expiresAt: string } }).session.expiresAt;
    };
    const [first, jwt] = [await expiry(), browser.cookie("better-auth.convex_jwt")];
    const { headers } = await browser.get("/get-session");
    const set = headers.getSetCookie().map((cookie) => cookie.split("=")[0]);
    expect(set).toEqual(
      expect.arrayContaining(["better-auth.session_token", "better-auth.convex_jwt"]),
    );
    expect(jwt).toBeDefined();
    // Ends that are less than a second apart are taken for the same.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const later = await expiry();
    expect(Date.parse(later)).toBeGreaterThan(Date.parse(first));

    // A token request is use as well, and renews in the mutation that keeps the token.
    app.host.metrics.reset();
    const { headers: ofToken, body } = await browser.get("/convex/token");
    const { token, sessionExpiresAt } = body as { token: string; sessionExpiresAt: number };
    const { componentCalls: ofRequest } = app.host.metrics.snapshot();
    // Queries of subscribed clients run again meanwhile: here the host looks at tables, where Convex looks at rows.
    const written = ofRequest.filter(({ kind }) => kind !== "query");
    expect(written.map((call) => call.function)).toEqual(["transactions:commit", "gate:replay"]);
    expect(sessionExpiresAt).toBeGreaterThan(Date.parse(later));
    expect(ofToken.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual(set);

    const client = new ConvexHttpClient(app.host.url, { logger: false });
    client.setAuth(token);
    app.host.metrics.reset();
    const inQuery = query<{ email: string; expiresAt: number }>("auth:sessionInQuery");
    expect(await client.query(inQuery, {})).toEqual({ email, expiresAt: sessionExpiresAt });
    expect(await client.query(me, {})).toMatchObject({ email });
    const { componentCalls } = app.host.metrics.snapshot();
    expect(componentCalls.length).toBeGreaterThan(0);
    expect(componentCalls.filter(({ kind }) => kind !== "query")).toEqual([]);
  });
});

describe("asking who is signed in", () => {
  it("is one component query with two documents and no clock, and loads nothing of Better Auth", async () => {
    const { browser } = await app.signUp("asking");
    const client = new ConvexHttpClient(app.host.url, { logger: false });
    client.setAuth((await browser.token(false)) ?? "");
    // The host keeps the key set for seconds, and fetches it here rather than where calls are counted.
    await client.query(query<Me>("sessions:me"), {});
    const costs: Record<string, number> = {};
    for (const name of ["sessions:me", "auth:me"]) {
      app.host.metrics.reset();
      await client.query(query<Me>(name), {});
      const { calls } = app.host.metrics.snapshot();
      expect(
        calls.map(({ function: each, kind, documentsRead, clockReads }) => [
          each,
          kind,
          documentsRead,
          clockReads,
        ]),
      ).toEqual([
        [name, "query", 0, 0],
        ["gate:sessionUser", "query", 2, 0],
      ]);
      costs[name] = calls[0]?.evaluatedBytes ?? 0;
    }
    console.log(
      `note: bytes evaluated to ask who is signed in: ${String(costs["sessions:me"])} with ` +
        `convex-gate/session, ${String(costs["auth:me"])} beside Better Auth`,
    );
    expect((costs["sessions:me"] ?? Infinity) * 10).toBeLessThan(costs["auth:me"] ?? 0);
  });
});
