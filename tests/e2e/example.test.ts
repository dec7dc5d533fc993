/** The example app's bundle through the whole flow, and what each step may cost. */
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host } from "../host/index.js";
import { bundleOnce } from "../host/index.js";
import type { AuthSession } from "./auth-session.js";
import { openAuthSession } from "./auth-session.js";
import { checkPushRequest, startLocalDeployment } from "./local-deployment.js";

const exampleFolder = fileURLToPath(new URL("../../examples/react", import.meta.url));
const origin = "http://localhost:5173";
const password = "correct horse battery staple";

let host: Host;
beforeAll(async () => {
  host = await startLocalDeployment({ pushRequest: await bundleOnce(exampleFolder), origin });
  // The first token of a deployment makes its key; what is counted below is every day after that.
  await signUp("first");
});
afterAll(() => host.close());

async function signUp(name: string): Promise<AuthSession> {
  const session = openAuthSession(host.siteUrl, origin);
  await session.post("/sign-up/email", { email: `${name}@example.com`, password, name });
  return session;
}

describe("the example app on the local host", () => {
  it("goes through the whole flow", { timeout: 60_000 }, async () => {
    const results = await checkPushRequest(await bundleOnce(exampleFolder), () => undefined);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results).toHaveLength(11);
  });
});

it("a user has a profile, which the triggers of the app keep", async () => {
  const session = await signUp("grace");
  const client = clientOf(await session.token(false));
  expect(await client.query(profile, {})).toMatchObject({ name: "grace", image: null });
  await session.post("/update-user", { name: "Admiral" });
  expect(await client.query(profile, {})).toMatchObject({ name: "Admiral" });
});

describe("the to-dos of an organization", () => {
  it("are refused to those who are no members, and to nobody in particular", async () => {
    const [ada, bob] = [await signUp("ada"), await signUp("bob")];
    const made = await ada.post("/organization/create", { name: "Engine", slug: "engine" });
    const organizationId = String(made.body?.["id"]);

    const adas = clientOf(await ada.token(false));
    const id = await adas.mutation(addTeamTodo, { organizationId, text: "order cards" });
    expect(await adas.query(listTeamTodos, { organizationId })).toMatchObject([{ _id: id }]);
    const bobs = clientOf(await bob.token(false));
    for (const work of [
      () => bobs.query(listTeamTodos, { organizationId }),
      () => bobs.mutation(addTeamTodo, { organizationId, text: "mine" }),
      () => bobs.mutation(removeTeamTodo, { id }),
    ])
      await expect(work()).rejects.toThrow("not a member");
    const nobody = clientOf(null).query(listTeamTodos, { organizationId });
    await expect(nobody).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
    expect(await adas.query(listTeamTodos, { organizationId })).toHaveLength(1);
    await expect(bobs.query(people, { organizationId })).rejects.toThrow("not a member");

    const invited = { email: "eve@example.com", role: "member", organizationId };
    const invitationId = String(
      (await ada.post("/organization/invite-member", invited)).body?.["id"],
    );
    expect((await adas.query(people, { organizationId })).invitations).toMatchObject([
      { id: invitationId, email: "eve@example.com", expiresAt: expect.any(Number) },
    ]);
    expect(await bobs.query(invitation, { id: invitationId })).toBeNull();
    const eve = await signUp("eve");
    const eves = clientOf(await eve.token(false));
    const offer = { organization: "Engine", inviter: "ada" };
    expect(await eves.query(invitation, { id: invitationId })).toEqual(offer);
    await eve.post("/organization/accept-invitation", { invitationId });
    // A member sees the members, and nothing of invitations that are not for members to make.
    const seen = await eves.query(people, { organizationId });
    expect(seen.members.map(({ name }) => name).sort()).toEqual(["ada", "eve"]);
    expect(seen.invitations).toBeNull();
    expect(await eves.query(invitation, { id: invitationId })).toBeNull();
  });
});

describe("the sessions and mails of the example app", () => {
  it("are nobody else's to end or to read", async () => {
    const [ada, bob] = [await signUp("ida"), await signUp("rob")];
    const adas = clientOf(await ada.token(false));
    const bobs = clientOf(await bob.token(false));
    const [own] = await adas.query(listSessions, {});
    expect(own).toMatchObject({ isCurrent: true, createdAt: expect.any(Number) });
    expect(Object.keys(own!)).not.toContain("token");
    await bobs.mutation(revokeSession, { id: own!.id });
    expect(await adas.query(listSessions, {})).toHaveLength(1);
    // Without `FAKE_MAIL` no link is made, so that there is none to read.
    const answer = await ada.post("/request-password-reset", { email: "ida@example.com" });
    expect(answer.body).toMatchObject({ code: "RESET_PASSWORD_DISABLED" });
    expect(await adas.query(inbox, { to: "ida@example.com" })).toEqual([]);
  });
});

const people = makeFunctionReference<
  "query",
  { organizationId: string },
  { members: { name: string }[]; invitations: object[] | null }
>("team:people");
const profile = makeFunctionReference<"query", {}, object | null>("profiles:mine");
const invitation = makeFunctionReference<"query", { id: string }, object | null>("team:invitation");
const listSessions = makeFunctionReference<"query", {}, { id: string }[]>("sessions:list");
const revokeSession = makeFunctionReference<"mutation", { id: string }>("sessions:revoke");
const inbox = makeFunctionReference<"query", { to: string }, object[]>("fakeMail:inbox");
const listTeamTodos = makeFunctionReference<"query", { organizationId: string }, object[]>(
  "teamTodos:list",
);
const addTeamTodo = makeFunctionReference<
  "mutation",
  { organizationId: string; text: string },
  string
>("teamTodos:add");
const removeTeamTodo = makeFunctionReference<"mutation", { id: string }>("teamTodos:remove");

function clientOf(token: string | null): ConvexHttpClient {
  const client = new ConvexHttpClient(host.url, { logger: false });
  if (token !== null) client.setAuth(token);
  return client;
}

describe("component calls and documents read", () => {
  async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
    host.metrics.reset();
    await work();
    return host.metrics
      .snapshot()
      .componentCalls.map((call) => `${call.function} ${String(call.documentsRead)}`);
  }

  it("are within the budget for every step of a session", async () => {
    const session = openAuthSession(host.siteUrl, origin);
    const account = { email: "counted@example.com", password, name: "Ada" };
    expect(await callsOf(() => session.post("/sign-up/email", account))).toEqual([
      "gate:findOne 0",
      "transactions:commit 0",
      "gate:replay 1",
    ]);
    expect(await callsOf(() => session.get("/get-session"))).toEqual(["gate:lane 3"]);
    expect(await callsOf(() => session.token(false))).toEqual(["gate:lane 4", "gate:storeToken 1"]);
    expect(await callsOf(() => session.token(false))).toEqual(["gate:lane 5"]);
    expect(await callsOf(() => session.post("/sign-out", {}))).toEqual([
      "gate:findOne 2",
      "gate:commit 3",
    ]);
    expect(await callsOf(() => session.post("/sign-in/email", account))).toEqual([
      "gate:findOne 2",
      "gate:commit 2",
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
