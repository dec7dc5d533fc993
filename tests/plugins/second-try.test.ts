/** The second try of a request that was overtaken: what the first has left behind does not show in its answer, or is not done twice. */
import type { AuthContext, BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { describe, expect, it } from "vitest";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const user = { name: "Ada", email: "ada@example.com", emailVerified: false };

/** An endpoint that begins with `work`, and whose first try then takes an address that is taken. */
function overtaken(
  work: (context: AuthContext, tries: number) => Promise<unknown>,
  options: BetterAuthOptions = {},
) {
  let tries = 0;
  const plugin: BetterAuthPlugin = {
    id: "overtaken",
    endpoints: {
      overtaken: createAuthEndpoint("/overtaken", { method: "POST" }, async (ctx) => {
        tries += 1;
        await work(ctx.context, tries);
        if (tries === 1) await ctx.context.adapter.create({ model: "user", data: user });
        return ctx.json({ tries });
      }),
    },
  };
  const app = createComponentApp({ plugins: [plugin], options });
  return { app, tries: () => tries };
}

async function asked(app: ComponentApp): Promise<[number, unknown]> {
  await app.browser().signUp(user.email);
  const response = await app.visitor().request("/overtaken", { body: {} });
  return [response.status, await response.json()];
}

const row = { model: "verification", where: [] };

describe("a request that was overtaken", () => {
  it("is answered a second time", async () => {
    const { app } = overtaken(() => Promise.resolve());
    expect(await asked(app)).toEqual([200, { tries: 2 }]);
  });

  it("is counted once by the rate limits, and the next one as ever", async () => {
    const customRules = {
      "/overtaken": { window: 3_600, max: 1 },
      "/sign-up/email": false as const,
    };
    const { app, tries } = overtaken(() => Promise.resolve(), {
      rateLimit: { enabled: true, customRules },
    });
    expect(await asked(app)).toEqual([200, { tries: 2 }]);
    const next = await app.visitor().request("/overtaken", { body: {} });
    expect([next.status, tries()]).toEqual([429, 2]);
  });

  it("is not told that there was no room for what its first try did in vain", async () => {
    const { app } = overtaken(async ({ adapter }, tries) => {
      if (tries > 1) return;
      app.harness.overloads.fail("TimedOut", "gate:count", 2);
      await adapter.count(row).catch(() => undefined);
    });
    expect(await asked(app)).toEqual([200, { tries: 2 }]);
  });

  it("is not repeated when a task of its first try has written something", async () => {
    const { app, tries } = overtaken(async (context) => {
      const data = { identifier: "once", value: "v", expiresAt: new Date(4e12) };
      const task = later().then(() => context.adapter.create({ model: "verification", data }));
      context.runInBackground(task);
      await Promise.resolve();
    });
    const [status] = await asked(app);
    expect([status, tries()]).toEqual([409, 1]);
    expect(await app.rows("verification")).toHaveLength(1);
  });
});
