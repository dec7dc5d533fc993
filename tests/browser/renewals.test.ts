/** A page that stays open while its tokens end and are replaced, again and again. */
import { expect, it } from "vitest";
import { useBrowser } from "./support/browser.js";
import {
  addNote,
  forgetViews,
  shortTokens,
  signUp,
  uncaught,
  useFixture,
  views,
} from "./support/fixture.js";
import { useTime } from "./support/time.js";

/** Tokens live for 9 s and are renewed 4 s before that. */
const RENEWAL_S = 5;
const RENEWALS = 20;

const browser = useBrowser();
const time = useTime();
const app = useFixture(browser, "browser-renewals", shortTokens);

it(
  "that its tokens are renewed for minutes is not seen, and no query is run without a user",
  { timeout: 180_000 },
  async () => {
    const { page, context, log } = await time.open(browser, app.origin);
    await signUp(page);
    await page.locator("[data-session=signedIn]").waitFor();
    const startedAt = Date.now();
    await forgetViews(page);
    log.authRequests.length = 0;
    const before = log.sent.length;
    const authentications = (): number =>
      log.sent.slice(before).filter(({ type }) => type === "Authenticate").length;

    // The subscription is alive under every token.
    for (let done = 0; done < RENEWALS; done = authentications()) {
      await time.pass(context, RENEWAL_S);
      await expect.poll(authentications, { timeout: 30_000 }).toBeGreaterThan(done);
      if (done % 4 === 0) await addNote(page, `under token ${String(done)}`);
    }

    // On a machine that is busy for longer than the leeway a token may end before the next one is there. The server then
    // refuses the message that found out, and Convex's client sends it again under the new token.
    const late = log.received.filter(({ type }) => type === "AuthError").length;
    const tokens = log.authRequests.filter((path) => path === "/convex/token").length;
    console.log(
      `note: ${String(tokens)} token requests for ${String(authentications())} renewals of tokens that live for 9 s, ${String(late)} of them late, in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
    );
    expect(await views(page)).toEqual(["notes list"]);
    expect(uncaught(app)).toEqual([]);
    expect(log.authRequests).toEqual(Array.from({ length: tokens }, () => "/convex/token"));
    // One request a renewal, and no more than time has room for.
    expect(tokens).toBeLessThanOrEqual(authentications() + late + 1);
    expect(tokens).toBeLessThanOrEqual(1 + late + (Date.now() - startedAt) / 1000 / RENEWAL_S);
    expect(await page.evaluate(() => window.fixture.calls.setAuth)).toBe(1);
    expect(log.pageErrors).toEqual([]);
  },
);
