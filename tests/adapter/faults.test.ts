/** Whatever fails during a flow, and wherever: what belongs together is there completely or not at all. */
import { organization } from "better-auth/plugins/organization";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Browser } from "../plugins/support/app.js";
import { plainPasswords, SITE } from "../plugins/support/app.js";
import { answerTokenRequest, socialProviders } from "../plugins/sweep/social.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import type { Dump } from "./support/dump.js";
import { dump, part } from "./support/dump.js";
import type { Trap } from "./support/faults.js";
import { createTrap, places } from "./support/faults.js";

const email = "ada@example.com";

interface Flow {
  name: string;
  /** Tables whose rows belong together. A flow that Better Auth divides into several transactions has several. */
  units: string[][];
  /** Tables where a row may remain although the flow succeeded. */
  mayRemain?: string[];
  /** What happens before; gives the request whose operations fail. */
  prepare: (world: World) => Promise<() => Promise<Response>>;
}

interface World {
  app: ComponentApp;
  browser: Browser;
  mails: string[];
}

const flows: Flow[] = [
  {
    name: "sign-up",
    units: [["user", "account", "session", "verification"]],
    prepare: ({ browser }) => Promise.resolve(() => browser.signUp(email)),
  },
  {
    // Better Auth 1.7 spends the state, then creates user and account, then the session: three steps of its own.
    name: "OAuth sign-up",
    units: [["verification"], ["user", "account"], ["session"]],
    // It lists a row before it deletes it, and when that fails it goes on without deleting.
    mayRemain: ["verification"],
    async prepare({ browser }) {
      const body = { provider: "google", callbackURL: "/", disableRedirect: true };
      const started = await browser.request("/sign-in/social", { body });
      const { url } = (await started.json()) as { url: string };
      const state = new URL(url).searchParams.get("state") ?? "";
      const query = new URLSearchParams({ code: email, state });
      return () => browser.request(`/callback/google?${query.toString()}`);
    },
  },
  {
    name: "password reset",
    units: [["verification", "account", "session", "user"]],
    async prepare({ browser, mails }) {
      await browser.signUp(email);
      await browser.request("/request-password-reset", { body: { email, redirectTo: "/" } });
      const body = { token: mails.at(-1), newPassword: "another password" };
      return () => browser.request("/reset-password", { body });
    },
  },
  {
    // The active organization of the session is cleared by a write of its own.
    name: "organization deletion",
    units: [["organization", "member", "invitation", "team", "teamMember", "user"], ["session"]],
    async prepare({ browser }) {
      await browser.signUp(email);
      const make = { name: "Analytical", slug: "analytical" };
      const created = await browser.request("/organization/create", { body: make });
      const { id: organizationId } = (await created.json()) as { id: string };
      for (const invited of ["bob@example.com", "eve@example.com"]) {
        const body = { email: invited, role: "member", organizationId };
        expect((await browser.request("/organization/invite-member", { body })).status).toBe(200);
      }
      return () => browser.request("/organization/delete", { body: { organizationId } });
    },
  },
];

/** `atomic: false` takes transactions away, so that every write stands alone. */
function createWorld(trap: Trap, atomic: boolean): World {
  const { hook } = trap;
  const around = { before: hook, after: hook };
  const always = { create: around, update: around, delete: around };
  const mails: string[] = [];
  const app = createComponentApp({
    plugins: [
      organization({
        teams: { enabled: true },
        sendInvitationEmail: () => Promise.resolve(),
        organizationHooks: {
          beforeDeleteOrganization: hook,
          afterDeleteOrganization: hook,
        },
      }),
    ],
    options: {
      socialProviders,
      databaseHooks: { user: always, session: always, account: always, verification: always },
      emailAndPassword: {
        enabled: true,
        password: plainPasswords,
        revokeSessionsOnPasswordReset: true,
        sendResetPassword: ({ token }) => Promise.resolve(void mails.push(token)),
      },
    },
    adapter: trap.adapter,
    store: (store) => trap.store(atomic ? store : { run: store.run, tokens: store.tokens }),
  });
  return { app, browser: app.browser(), mails };
}

/** One run of a flow whose nth operation at a place fails, and what was there before and after. */
async function strike(flow: Flow, arm: (trap: Trap) => void, atomic = true) {
  const trap = createTrap();
  const world = createWorld(trap, atomic);
  // The key is made by the first token and is no part of the flow.
  await world.app.browser().signUp("first@example.com");
  const request = await flow.prepare(world);
  const before = await dump(world.app.harness);
  arm(trap);
  const response = await request();
  const count = trap.count();
  trap.arm("adapter method", 0);
  return { ok: succeeded(response), count, before, after: await dump(world.app.harness) };
}

/** OAuth answers with a redirect also when it fails. */
function succeeded(response: Response): boolean {
  const location = response.headers.get("location");
  return response.status < 400 && !(location && new URL(location, SITE).searchParams.has("error"));
}

const never = (): void => undefined;

/** Complains about a unit that is neither as before nor as after the whole flow. */
function expectWhole(units: string[][], now: Dump, before: Dump, complete: Dump): void {
  for (const tables of units) {
    const found = part(now, tables);
    expect([part(before, tables), part(complete, tables)]).toContainEqual(found);
  }
}

beforeEach(() => {
  vi.stubGlobal("fetch", answerTokenRequest);
  // Better Auth prints what its handler did not expect.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each(flows)("$name", (flow) => {
  it("changes all that is compared", async () => {
    const { ok, before, after } = await strike(flow, never);
    expect(ok).toBe(true);
    const compared = flow.units.flat();
    const rest = [before, after].map((all) =>
      part(
        all,
        Object.keys(all).filter((table) => !compared.includes(table)),
      ),
    );
    expect(rest[1]).toEqual(rest[0]);
    for (const unit of flow.units) expect(part(after, unit)).not.toEqual(part(before, unit));
  });

  it.each(places)("a fault at every %s", { timeout: 120_000 }, async (place) => {
    const { count, after: complete } = await strike(flow, (trap) => trap.arm(place, 0));
    expect(count).toBeGreaterThan(1);
    let nothing = 0;
    for (let number = 1; number <= count; number += 1) {
      const { ok, before, after } = await strike(flow, (trap) => trap.arm(place, number));
      expectWhole(flow.units, after, before, complete);
      if (ok) {
        const due = Object.keys(after).filter((table) => !flow.mayRemain?.includes(table));
        expect(part(after, due)).toEqual(part(complete, due));
      }
      if (JSON.stringify(after) === JSON.stringify(before)) nothing += 1;
    }
    expect(nothing).toBeGreaterThan(0);
  });
});

it("is no matter of course: without transactions a fault leaves a part", async () => {
  const [flow] = flows;
  if (!flow) throw new Error("there are flows");
  const { count, after: complete } = await strike(
    flow,
    (trap) => trap.arm("adapter method", 0),
    false,
  );
  const parts = [];
  for (let number = 1; number <= count; number += 1) {
    const { before, after } = await strike(
      flow,
      (trap) => trap.arm("adapter method", number),
      false,
    );
    const states = [before, complete].map((each) => JSON.stringify(each));
    if (!states.includes(JSON.stringify(after))) parts.push(number);
  }
  // Sign-up finds nobody, creates user, account and session: the last two fail too late.
  expect(parts).toEqual([3, 4]);
});
