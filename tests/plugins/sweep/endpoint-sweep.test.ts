/**
 * Every endpoint of `auth.api`, called with a session present: whatever it does to the session cookie, the JWT cookie
 * belongs to the same session afterwards, or there is none.
 */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { adminCases } from "./admin-cases.js";
import type { Case } from "./case.js";
import { coreCases } from "./core-cases.js";
import { organizationCases } from "./organization-cases.js";
import { pluginCases } from "./plugin-cases.js";
import { judge } from "./rule.js";
import type { Effect } from "./rule.js";
import { answerTokenRequest } from "./social.js";
import { createSweepApp, createWorld, endpointsOf } from "./world.js";
import type { Variant, World } from "./world.js";

const cases = { ...coreCases, ...pluginCases, ...organizationCases, ...adminCases };
const table = Object.entries(cases).flatMap(([endpoint, list]) =>
  list.map((each) => ({ endpoint, title: each.title ?? "", each })),
);

beforeEach(() => void vi.stubGlobal("fetch", answerTokenRequest));

it("has a case for every endpoint, and none for endpoints that do not exist", () => {
  const app = createSweepApp({ convexFirst: false, cookieCache: false });
  expect(Object.keys(cases).sort()).toEqual(Object.keys(endpointsOf(app)).sort());
  expect(Object.keys(cases)).toHaveLength(105);
  expect(table).toHaveLength(122);
});

describe.each<Variant & { name: string }>([
  {
    name: "over HTTP, as most apps are",
    throughApi: false,
    convexFirst: false,
    cookieCache: false,
  },
  {
    name: "through auth.api, convex() first, with the cookie cache",
    throughApi: true,
    convexFirst: true,
    cookieCache: true,
  },
])("$name", (variant) => {
  const counts: Record<Effect, number> = { sets: 0, clears: 0, leaves: 0 };

  it.each(table)("$endpoint $title", async ({ endpoint, each }) => {
    const world = await createWorld(variant);
    const call = await each.call(world);
    const before = world.browser.cookie("session_token") ?? "";
    const response = await world.call(endpoint, call);
    // The text says why, when the status is another.
    expect(`${String(response.status)} ${await response.clone().text()}`).toMatch(
      new RegExp(`^${String(each.status ?? 200)} `),
    );
    const done = judge(world, response, before);
    expect(done).toEqual({ session: each.effect, jwt: each.jwt ?? each.effect });
    expectOwner(world, each);
    counts[done.session] += 1;
  });

  it("saw sessions set, cleared and left alone", () => {
    expect(counts).toEqual({ sets: 25, clears: 8, leaves: 89 });
  });
});

/** Whose session it is in the end, told by the rows and not by the cookies. */
function expectOwner({ browser, row, ada, bob }: World, { effect, owner }: Case): void {
  if (effect !== "sets") return;
  const token = browser.cookie("session_token")?.split(".")[0];
  const { userId } = row("session", { token });
  if (owner === "somebody new") expect([ada.id, bob.id]).not.toContain(userId);
  else expect(userId).toBe(owner === "bob" ? bob.id : ada.id);
}
