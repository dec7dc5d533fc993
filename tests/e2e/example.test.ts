/** The example app's bundle through the whole flow, and what each step may cost. */
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host } from "../host/index.js";
import { bundleApp } from "../host/index.js";
import { openAuthSession } from "./auth-session.js";
import { checkPushRequest, startLocalDeployment } from "./local-deployment.js";

const exampleFolder = fileURLToPath(new URL("../../examples/react", import.meta.url));
const origin = "http://localhost:5173";
const password = "correct horse battery staple";

describe("the example app on the local host", () => {
  it("goes through the whole flow", { timeout: 60_000 }, async () => {
    const results = await checkPushRequest(await bundleApp(exampleFolder), () => undefined);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results).toHaveLength(11);
  });
});

describe("the to-dos of an organization", () => {
  it("are refused to those who are no members, and to nobody in particular", async () => {
    const host = await startLocalDeployment({
      pushRequest: await bundleApp(exampleFolder),
      origin,
    });
    try {
      const [ada, bob] = [
        openAuthSession(host.siteUrl, origin),
        openAuthSession(host.siteUrl, origin),
      ];
      await ada.post("/sign-up/email", { email: "ada@example.com", password, name: "Ada" });
      await bob.post("/sign-up/email", { email: "bob@example.com", password, name: "Bob" });
      const made = await ada.post("/organization/create", { name: "Engine", slug: "engine" });
      const organizationId = String(made.body?.["id"]);

      const adas = clientOf(host, await ada.token(false));
      const id = await adas.mutation(addTeamTodo, { organizationId, text: "order cards" });
      expect(await adas.query(listTeamTodos, { organizationId })).toMatchObject([{ _id: id }]);
      const bobs = clientOf(host, await bob.token(false));
      for (const work of [
        () => bobs.query(listTeamTodos, { organizationId }),
        () => bobs.mutation(addTeamTodo, { organizationId, text: "mine" }),
        () => bobs.mutation(removeTeamTodo, { id }),
      ])
        await expect(work()).rejects.toThrow("not a member");
      const nobody = clientOf(host, null).query(listTeamTodos, { organizationId });
      await expect(nobody).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
      expect(await adas.query(listTeamTodos, { organizationId })).toHaveLength(1);
    } finally {
      await host.close();
    }
  });
});

const listTeamTodos = makeFunctionReference<"query", { organizationId: string }, object[]>(
  "teamTodos:list",
);
const addTeamTodo = makeFunctionReference<
  "mutation",
  { organizationId: string; text: string },
  string
>("teamTodos:add");
const removeTeamTodo = makeFunctionReference<"mutation", { id: string }>("teamTodos:remove");

function clientOf(host: Host, token: string | null): ConvexHttpClient {
  const client = new ConvexHttpClient(host.url, { logger: false });
  if (token !== null) client.setAuth(token);
  return client;
}

describe("component calls and documents read", () => {
  let host: Host;
  beforeAll(async () => {
    host = await startLocalDeployment({ pushRequest: await bundleApp(exampleFolder), origin });
    // The first token of a deployment makes its key; what is counted below is every day after that.
    const first = openAuthSession(host.siteUrl, origin);
    await first.post("/sign-up/email", { email: "first@example.com", password, name: "First" });
  });
  afterAll(() => host.close());

  async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
    host.metrics.reset();
    await work();
    return host.metrics
      .snapshot()
      .componentCalls.map((call) => `${call.function} ${String(call.documentsRead)}`);
  }

  it("are within the budget for every step of a session", async () => {
    const session = openAuthSession(host.siteUrl, origin);
    const account = { email: "ada@example.com", password, name: "Ada" };
    expect(await callsOf(() => session.post("/sign-up/email", account))).toEqual([
      "adapter:findOne 0",
      "transactions:commit 0",
      "adapter:replay 1",
    ]);
    expect(await callsOf(() => session.get("/get-session"))).toEqual(["adapter:findOne 2"]);
    expect(await callsOf(() => session.token(false))).toEqual([
      "sessions:tokenContext 3",
      "tokens:store 1",
    ]);
    expect(await callsOf(() => session.token(false))).toEqual(["sessions:tokenContext 4"]);
    expect(await callsOf(() => session.post("/sign-out", {}))).toEqual([
      "adapter:findOne 2",
      "adapter:deleteOne 2",
      "adapter:findMany 1",
    ]);
    expect(await callsOf(() => session.post("/sign-in/email", account))).toEqual([
      "adapter:findOne 2",
      "adapter:commit 1",
    ]);
  });

  it("read no clock in the component", async () => {
    const session = openAuthSession(host.siteUrl, origin);
    host.metrics.reset();
    await session.post("/sign-in/email", { email: "first@example.com", password });
    await session.token(false);
    const { componentCalls } = host.metrics.snapshot();
    expect(componentCalls.length).toBeGreaterThan(0);
    expect(componentCalls.filter(({ clockReads }) => clockReads > 0)).toEqual([]);
  });
});
