/** A page that was asleep for longer than its token lives, with the real Convex client. */
import { expect, it } from "vitest";
import type { Visit } from "./support/browser.js";
import { useBrowser } from "./support/browser.js";
import { expiryOf } from "./support/page-log.js";
import { addNote, forgetViews, signUp, uncaught, useFixture, views } from "./support/fixture.js";
import { useTime } from "./support/time.js";

const TWO_HOURS_MS = 2 * 3_600_000;
const browser = useBrowser();
const time = useTime();
const app = useFixture(browser, "browser-sleep");

/** A signed-in page that is put to sleep; what it does from then on is recorded. */
async function asleep(): Promise<Visit> {
  const visit = await time.open(browser, app.origin);
  await signUp(visit.page);
  await addNote(visit.page, "before");
  await forgetViews(visit.page);
  for (const list of Object.values(visit.log)) list.length = 0;
  time.advanceHost(TWO_HOURS_MS);
  return visit;
}

it.each([
  ["went on", () => undefined],
  ["hung up", () => app.host.dropConnections()],
])(
  "wakes after two hours with a new token and nothing to see, when the server %s",
  async (_, act) => {
    const { page, context, log } = await asleep();
    act();
    await context.clock.fastForward(TWO_HOURS_MS);
    await addNote(page, "after");
    // Convex's client repeats its last token when it connects anew before the next is there: it asks nobody about that.
    // The server refuses an old one and runs nothing for it; what follows is new, and the mutation comes after it.
    const expiries = log.sent.filter(({ type }) => type === "Authenticate").map(expiryOf);
    expect(expiries.findIndex((expiry) => expiry > Date.now())).toBeOneOf([0, 1]);
    expect(log.sent.at(-1)?.type).toBe("Mutation");
    // It asks once when the time for that is over, and once more if it was refused before it had the answer.
    expect(log.authRequests).toBeOneOf([["/convex/token"], ["/convex/token", "/convex/token"]]);
    expect(await views(page)).toEqual(["notes list"]);
    expect(await page.evaluate(() => window.fixture.calls.setAuth)).toBe(1);
    expect(uncaught(app)).toEqual([]);
  },
);
