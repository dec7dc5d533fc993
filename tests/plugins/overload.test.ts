/** A backend that has no room: requests are told to come again, never with a 500, and nothing is half done. */
import { apiKey } from "@better-auth/api-key";
import type { BetterAuthPlugin } from "better-auth";
import { describe, expect, it } from "vitest";
import { crossDomain } from "../../js/plugins/index.js";
import type { Overload } from "../host/overload.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import type { Browser } from "./support/app.js";
import { PASSWORD } from "./support/app.js";

const email = "ada@example.com";
const open = (): ComponentApp =>
  createComponentApp({
    plugins: [apiKey({ enableSessionForAPIKeys: true }) as unknown as BetterAuthPlugin],
    options: {
      session: { updateAge: 0 },
      user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
    },
  });

interface World {
  app: ComponentApp;
  browser: Browser;
  key: string;
}

async function createWorld(): Promise<World> {
  const app = open();
  const browser = app.visitor();
  await browser.signUp(email);
  const { createApiKey } = app.auth().api as unknown as {
    createApiKey(call: { body: object }): Promise<{ key: string }>;
  };
  const [user] = await app.rows("user");
  const { key } = await createApiKey({ body: { userId: user?.["id"], remaining: 10 } });
  app.harness.costs.length = 0;
  return { app, browser, key };
}

type Flow = (world: World) => Promise<Response>;
const password = { currentPassword: PASSWORD, newPassword: "another password" };
const flows: Record<string, Flow> = {
  "sign-up": ({ app }) => app.visitor().signUp("bob@example.com"),
  "sign-in": ({ app }) => app.visitor().signIn(email),
  session: ({ browser }) => browser.request("/get-session"),
  token: ({ browser }) => browser.request("/convex/token?forceRefresh=true"),
  "change of the user": ({ browser }) => browser.request("/update-user", { body: { name: "A" } }),
  "change of the password": ({ browser }) =>
    browser.request("/change-password", { body: { ...password, revokeOtherSessions: true } }),
  deletion: ({ browser }) => browser.request("/delete-user", { body: {} }),
  "session by an API key": ({ app, key }) =>
    app.visitor().request("/get-session", { headers: { "x-api-key": key } }),
};

/** The functions of the component that a flow calls, each once. */
async function functionsOf(flow: Flow): Promise<string[]> {
  const world = await createWorld();
  expect((await flow(world)).status).toBe(200);
  return [...new Set(world.app.harness.costs.map((cost) => cost.split(" ")[0] ?? ""))];
}

async function refused(flow: Flow, overload: Overload, name: string): Promise<unknown> {
  const world = await createWorld();
  world.app.harness.overloads.fail(overload, name, 100);
  const response = await flow(world);
  const body = (await response.json().catch(() => null)) as { code?: string } | null;
  const wait = response.headers.get("retry-after");
  return [response.status, wait, body?.code];
}

describe.each(Object.entries(flows))("%s", (flowName, flow) => {
  it("answers 503 with the time to wait, whatever function has no room", async () => {
    const answers: Record<string, unknown> = {};
    for (const name of await functionsOf(flow))
      answers[name] = await refused(flow, "TimedOut", name);
    expect(Object.keys(answers).length).toBeGreaterThan(0);
    // A token that could not be kept is as good as another, and a JWT cookie that could not be made only saves a request.
    delete answers["gate:storeToken"];
    if (flowName !== "token") delete answers["gate:listKeys"];
    // A renewal is left to the next request.
    if (flowName === "token") delete answers["transactions:commit"];
    const busy = [503, "1", "TOO_BUSY"];
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, busy])));
  });
});

describe.each<Overload>([
  "TooManyWrites",
  "TooManyConcurrentRequests",
  "ExpiredInQueue",
  "TimedOut",
])("%s", (overload) => {
  it("is not noticed when it passes", async () => {
    const { app } = await createWorld();
    app.harness.overloads.fail(overload, "transactions:commit");
    expect((await app.visitor().signUp("bob@example.com")).status).toBe(200);
    expect(await app.rows("user")).toHaveLength(2);
  });

  it("is a 503 when it stays, and nothing is written", { timeout: 30_000 }, async () => {
    const { app } = await createWorld();
    app.harness.overloads.fail(overload, "transactions:commit", 4);
    const { status } = await app.visitor().signUp("bob@example.com");
    expect(status).toBe(503);
    expect(await app.rows("user")).toHaveLength(1);
  });
});

it("in a mutation and in a query nothing is tried again", async () => {
  const { app } = await createWorld();
  const { overloads, costs } = app.harness;
  const row = { model: "note", data: { id: "n" } };
  for (const store of [app.harness.mutationStore(), app.harness.readOnlyStore()]) {
    costs.length = 0;
    overloads.fail("TimedOut", "gate:create");
    overloads.fail("TimedOut", "gate:findOne");
    const where = [{ field: "id", value: "n" }];
    const call = store.log
      ? store.run("create", row)
      : store.run("findOne", { model: "note", where });
    await expect(call).rejects.toMatchObject({ code: "TOO_BUSY" });
    expect(costs).toHaveLength(1);
  }
});

describe("a backend without room on two origins", () => {
  const SITE_OF_APP = "https://app.example.com";
  const crossing = async (path: string, name: string, init: object): Promise<Response> => {
    const app = createComponentApp({
      routes: { cors: true },
      options: { trustedOrigins: [SITE_OF_APP] },
      plugins: [crossDomain({ siteUrl: SITE_OF_APP }) as unknown as BetterAuthPlugin],
    });
    app.harness.overloads.fail("TimedOut", name, 100);
    return app.visitor().request(path, { ...init, headers: { origin: SITE_OF_APP } });
  };

  it.each([
    ["/sign-in/email", "gate:findOne", { body: { email, password: PASSWORD } }],
    ["/sign-up/email", "transactions:commit", { body: { email, password: PASSWORD, name: "A" } }],
  ])("tells the page so: %s", async (path, name, init) => {
    const { status, headers } = await crossing(path, name, init);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([503, SITE_OF_APP]);
    expect(headers.get("retry-after")).toBe("1");
    expect(headers.get("access-control-expose-headers")).toContain("Retry-After");
  });
});
