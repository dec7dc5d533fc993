/** Several people at once: one process renders for all of them. */
import { expect, it } from "vitest";
import type { Tester } from "./support/tester.js";
import { JWT_COOKIE } from "./support/tester.js";

/** For each of them: rendering takes its time, and the core has a test of hundreds. */
const LOADS = 6;

/** The scenarios. */
export function people(tester: Tester): void {
  it("each get their own page, whoever asks at the same time", async () => {
    const [ada, grace] = await Promise.all([tester.member("Ada"), tester.member("Grace")]);
    const nobody = await tester.browser.newContext();
    // One of them has to be asked about.
    await grace.context.clearCookies({ name: JWT_COOKIE });
    const contexts = [ada.context, grace.context, nobody];
    const pages = await Promise.all(
      Array.from({ length: LOADS * contexts.length }, async (_, i) => {
        const answer = await contexts[i % contexts.length]!.request.get(tester.home);
        return answer.text();
      }),
    );
    const holds = pages.map((html) => [html.includes(ada.todo), html.includes(grace.todo)]);
    const own = [
      [true, false],
      [false, true],
      [false, false],
    ];
    expect(holds).toEqual(holds.map((_, i) => own[i % own.length]));
  });
}
