/** A row and the deletion of what it belongs to, at once: nothing is left that belongs to nobody, and nobody gets a 500. */
import { magicLink } from "better-auth/plugins/magic-link";
import { organization } from "better-auth/plugins/organization";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Browser } from "../../plugins/support/app.js";
import type { RaceApp } from "./overtaking.js";
import { createRaceApp } from "./overtaking.js";

interface Flow {
  name: string;
  status: number;
  /** Before the write of which table, if not the first; and what is deleted then, and the request. */
  before?: string;
  prepare: (
    app: RaceApp,
    owner: Browser,
  ) => Promise<{ gone: [model: string, id: string]; request: () => Promise<Response> }>;
}

const json = async <T>(response: Response | Promise<Response>): Promise<T> =>
  (await (await response).json()) as T;
const post = (browser: Browser, path: string, body: object): Promise<Response> =>
  browser.request(path, { body });

/** The id of the user with this e-mail address. */
async function userId(app: RaceApp, email: string): Promise<string> {
  const user = (await app.rows("user")).find((row) => row["email"] === email);
  return user?.["id"] as string;
}

async function organizationOf(owner: Browser): Promise<string> {
  const created = post(owner, "/organization/create", { name: "A", slug: "a" });
  return (await json<{ id: string }>(created)).id;
}

/** An organization with Bob in it, and a team of its own. */
async function teamOf(app: RaceApp, owner: Browser) {
  const organizationId = await organizationOf(owner);
  await app.browser().signUp("bob@example.com");
  const bob = await userId(app, "bob@example.com");
  await app.harness.store().run("create", {
    model: "member",
    data: { id: "bob", organizationId, userId: bob, role: "member", createdAt: 0 },
  });
  const created = post(owner, "/organization/create-team", { name: "T", organizationId });
  return { organizationId, bob, teamId: (await json<{ id: string }>(created)).id };
}

const flows: Flow[] = [
  {
    name: "a sign-in by password, and its user",
    status: 401,
    async prepare(app) {
      await app.browser().signUp("bob@example.com");
      const gone = await userId(app, "bob@example.com");
      return { gone: ["user", gone], request: () => app.browser().signIn("bob@example.com") };
    },
  },
  {
    // The link has been spent by then, so the request is not answered again.
    name: "a sign-in by link, and its user",
    status: 401,
    before: "session",
    async prepare(app) {
      await app.browser().signUp("bob@example.com");
      const gone = await userId(app, "bob@example.com");
      const where = [{ field: "id", value: gone }];
      const update = { emailVerified: true };
      await app.harness.store().run("update", { model: "user", where, update });
      await post(app.browser(), "/sign-in/magic-link", { email: "bob@example.com" });
      const path = `/magic-link/verify?token=${app.mails.at(-1)?.carries ?? ""}`;
      return {
        gone: ["user", gone],
        async request() {
          const response = await app.browser().request(path);
          expect(response.status).toBe(401);
          expect(await response.clone().json()).toMatchObject({ code: "FOREIGN_KEY_CONSTRAINT" });
          return response;
        },
      };
    },
  },
  {
    name: "a member by invitation, and the organization",
    status: 400,
    async prepare(app, owner) {
      const id = await organizationOf(owner);
      const invitee = app.browser();
      await invitee.signUp("bob@example.com");
      const body = { email: "bob@example.com", role: "member", organizationId: id };
      const { id: invitationId } = await json<{ id: string }>(
        post(owner, "/organization/invite-member", body),
      );
      return {
        gone: ["organization", id],
        request: () => post(invitee, "/organization/accept-invitation", { invitationId }),
      };
    },
  },
  {
    name: "an invitation, and the organization",
    status: 400,
    async prepare(_app, owner) {
      const organizationId = await organizationOf(owner);
      const body = { email: "bob@example.com", role: "member", organizationId };
      return {
        gone: ["organization", organizationId],
        request: () => post(owner, "/organization/invite-member", body),
      };
    },
  },
  {
    name: "an invitation, and who invites",
    status: 401,
    async prepare(app, owner) {
      const organizationId = await organizationOf(owner);
      const body = { email: "bob@example.com", role: "member", organizationId };
      return {
        gone: ["user", await userId(app, "owner@example.com")],
        request: () => post(owner, "/organization/invite-member", body),
      };
    },
  },
  {
    name: "a team, and the organization",
    status: 403,
    async prepare(_app, owner) {
      const organizationId = await organizationOf(owner);
      return {
        gone: ["organization", organizationId],
        request: () => post(owner, "/organization/create-team", { name: "T", organizationId }),
      };
    },
  },
  {
    name: "a member of a team, and the team",
    status: 400,
    async prepare(app, owner) {
      const { organizationId, bob, teamId } = await teamOf(app, owner);
      const body = { organizationId, teamId, userId: bob };
      return {
        gone: ["team", teamId],
        request: () => post(owner, "/organization/add-team-member", body),
      };
    },
  },
  {
    name: "a member of a team, and the user",
    status: 400,
    async prepare(app, owner) {
      const { organizationId, bob, teamId } = await teamOf(app, owner);
      const body = { organizationId, teamId, userId: bob };
      return {
        gone: ["user", bob],
        request: () => post(owner, "/organization/add-team-member", body),
      };
    },
  },
];

function createApp(): RaceApp {
  const mails: RaceApp["mails"] = [];
  return createRaceApp({
    mails,
    plugins: [
      organization({ teams: { enabled: true }, sendInvitationEmail: () => Promise.resolve() }),
      magicLink({
        sendMagicLink: ({ email, token }) => void mails.push({ to: email, carries: token }),
      }),
    ],
  });
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

it.each(flows)("$name", async ({ status, before, prepare }) => {
  const app = createApp();
  const owner = app.browser();
  await owner.signUp("owner@example.com");
  const { gone, request } = await prepare(app, owner);
  const [model, id] = gone;
  app.overtake(async () => {
    const { adapter } = await app.auth(app.harness.store()).$context;
    await adapter.delete({ model, where: [{ field: "id", value: id }] });
  }, before);
  const response = await request();
  expect(app.overtaken()).toBe(true);
  expect(await app.orphans()).toEqual([]);
  expect(response.status).toBe(status);
});
