/** Where a tab goes after a navigation that came home, without a browser: `window` is a stub that notes it. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { follow } from "../../js/client/plugins/arrival.js";
import type { ReplayAnswer } from "../../js/plugins/shared/cross-domain-protocol.js";

const PAGE = "https://app.example.com/todos?page=2";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function followed(answer: ReplayAnswer, startedAt: string | null = null, href = PAGE) {
  vi.useFakeTimers();
  const went: string[] = [];
  const shown: string[] = [];
  vi.stubGlobal("window", {
    location: { href, replace: (url: URL) => went.push(url.href) },
    history: { state: null, replaceState: (_: null, __: string, url: URL) => shown.push(url.href) },
  });
  let isHeld = true;
  const done = follow(answer, startedAt).then(() => (isHeld = false));
  await vi.advanceTimersByTimeAsync(100);
  const heldUp = isHeld;
  await vi.advanceTimersByTimeAsync(20_000);
  await done;
  return { went, shown, heldUp };
}

describe("a tab", () => {
  it.each<[string, ReplayAnswer, object]>([
    ["stays where nothing is named", { url: null }, { went: [], shown: [], heldUp: false }],
    [
      "stays on the page it is on",
      { url: "/todos?page=2" },
      { went: [], shown: [PAGE], heldUp: false },
    ],
    [
      "goes to a hash of the page it is on, so that a router hears of it, and goes on at once",
      { url: "/todos?page=2#/done" },
      { went: [`${PAGE}#/done`], shown: [], heldUp: false },
    ],
    [
      "goes to a page of its own, and shows nothing meanwhile",
      { url: "/welcome" },
      { went: ["https://app.example.com/welcome"], shown: [], heldUp: true },
    ],
    [
      "goes elsewhere",
      { url: "https://other.example.com/x" },
      { went: ["https://other.example.com/x"], shown: [], heldUp: true },
    ],
    [
      "opens an app and stays",
      { url: "myapp://done" },
      { went: ["myapp://done"], shown: [], heldUp: false },
    ],
    ["runs no script", { url: "javascript:alert(1)" }, { went: [], shown: [], heldUp: false }],
    ["leaves garbage alone", { url: "https://" }, { went: [], shown: [], heldUp: false }],
  ])("%s", async (_, answer, expected) => {
    expect(await followed(answer)).toEqual(expected);
  });

  it("leaves a hash without loading the page again, which takes a `#`", async () => {
    expect(await followed({ url: "/todos?page=2" }, null, `${PAGE}#/sign-in`)).toEqual({
      went: [`${PAGE}#`],
      shown: [],
      heldUp: false,
    });
  });

  it("does not wait for a page that it is on, where the error is the one before again", async () => {
    const again = { url: null, error: { code: "access_denied" } };
    const told = `${PAGE}&error=access_denied#/sign-in`;
    expect(await followed(again, told, told)).toEqual({ went: [], shown: [told], heldUp: false });
  });

  it("tells an error to the page from which the flow was started, else to this one", async () => {
    const answer = { url: null, error: { code: "state_mismatch", message: "Try again" } };
    const told = "error=state_mismatch&error_description=Try+again";
    for (const nowhere of [null, "", "not an address"])
      expect((await followed(answer, nowhere)).went).toEqual([`${PAGE}&${told}`]);
    expect((await followed(answer, "https://app.example.com/sign-in")).went).toEqual([
      `https://app.example.com/sign-in?${told}`,
    ]);
  });
});
