/** Time that passes without being waited for: the clocks of the page and of the host run ahead together. */
import type { BrowserContext } from "playwright-core";
import { afterEach } from "vitest";
import type { BrowserTests, Visit } from "./browser.js";
import { openFixture } from "./fixture.js";

const STEP_MS = 1_000;
/** The answer to what a timer asked for is there by then, unless the machine is busy. */
const ANSWER_MS = 30;

/** The time of a test. After it the host has the time that it is. */
export interface TestTime {
  /** Opens the fixture in a tab whose timers wait for this time to pass. */
  open(browser: BrowserTests, url: string): Promise<Visit>;
  /** Lets so many seconds pass, one after the other. */
  pass(context: BrowserContext, seconds: number): Promise<void>;
  /** Lets time pass until something is so. Throws after as many seconds as a patient person would wait. */
  passUntil(context: BrowserContext, isSo: () => Promise<boolean> | boolean): Promise<void>;
  /** Lets the host's clock alone run ahead. */
  advanceHost(ms: number): void;
}

const MOST_SECONDS = 60;

/** Gives the tests of a file their time. The host runs in this process: its functions ask this very `Date.now`. */
export function useTime(): TestTime {
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });

  function advanceHost(ms: number): void {
    const before = Date.now;
    Date.now = () => before() + ms;
  }

  async function pass(context: BrowserContext, seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 1) {
      advanceHost(STEP_MS);
      await context.clock.runFor(STEP_MS);
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    }
  }

  return {
    async open(browser, url) {
      const context = await browser.newContext();
      await context.clock.install();
      return openFixture(browser, url, context);
    },
    pass,
    async passUntil(context, isSo) {
      for (let passed = 0; !(await isSo()); passed += 1) {
        if (passed >= MOST_SECONDS) throw new Error(`not so after ${String(MOST_SECONDS)} s`);
        await pass(context, 1);
      }
    },
    advanceHost,
  };
}
