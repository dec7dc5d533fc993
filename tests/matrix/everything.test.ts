/** One app with every plugin. */
import { describe, expect, it } from "vitest";
import { bundleMatrix } from "./support/bundle.js";
import { footprintOf } from "./support/footprint.js";
import { loadPlugins } from "./support/load-plugins.js";
import { isOurs, shadowed, useTogether } from "./support/together.js";

const plugins = await loadPlugins();
const names = plugins.map(({ name }) => name);

/**
 * `mcp()` is an OAuth provider of its own, and an app has one. Creem's plugin and Stripe's give the same name to an
 * endpoint, which is between those two. Both have their own cases and their pairs.
 */
const everything = names.filter((name) => name !== "mcp" && name !== "creem");

/** Megabytes, as Convex counts them for a function's heap and for a deployment's code. */
const MB = 1024 * 1024;

const together = useTogether("everything", plugins);

describe("with everything on", () => {
  describe.each([false, true])("on two origins: %s", (twoOrigins) => {
    it.each(["first", "last"] as const)(
      "convex() %s: sessions and tokens are right, and a magic link ends in the app",
      async (place) => {
        await together.choose({ sets: everything, convex: place, twoOrigins });
        await together.checkSession();
        const { browser, mailbox, site, unique } = together.tools();
        const visitor = browser();
        const email = `${unique("magic")}@example.com`;
        await visitor.post("/sign-in/magic-link", { email, callbackURL: "/in" });
        const end = await visitor.visit(mailbox.take(email)["url"] ?? "");
        expect(end.location?.href).toBe(`${site}/in`);
        expect((await visitor.get("/get-session")).body.user.email).toBe(email);
      },
    );
  });

  it("no endpoint is shadowed", async () => {
    const [core = [], alone = [], all = [], ...each] = await together.endpoints([
      { sets: [], convex: "none" },
      { sets: [] },
      { sets: everything },
      ...everything.map((name) => ({ sets: [name], convex: "none" as const })),
    ]);
    // What Better Auth has without plugins is theirs to replace, as customSession() does.
    const expected = each.flat().filter((address) => !core.includes(address));
    expect(expected.length).toBeGreaterThan(150);
    expect(shadowed(all, [...alone.filter(isOurs), ...expected])).toEqual([]);
  });

  it("a request evaluates the plugins of its app, and none of the others in the bundle", async () => {
    const evaluatedWith = async (sets: string[]): Promise<number> => {
      await together.choose({ sets });
      const { browser, host } = together.tools();
      host.metrics.reset();
      expect((await browser().get("/ok")).status).toBe(200);
      const { calls } = host.metrics.snapshot();
      return calls.find(({ kind }) => kind === "httpAction")?.evaluatedBytes ?? 0;
    };
    const none = await evaluatedWith([]);
    expect(none).toBeGreaterThan(0);
    expect(await evaluatedWith(everything)).toBeGreaterThan(none * 3);
  });

  it("is far from Convex's limits", async () => {
    const some = await footprintOf(await bundleMatrix("nothing", []));
    const all = await footprintOf(await bundleMatrix("everything", names, { allEvaluated: true }));
    console.log("bytes without other plugins", some, `with all ${String(names.length)}`, all);
    expect(all.heap).toBeLessThan(64 * MB * 0.5);
    expect(all.evaluated).toBeLessThan(8 * MB);
    expect(all.pushed).toBeLessThan(32 * MB);
  });
});
