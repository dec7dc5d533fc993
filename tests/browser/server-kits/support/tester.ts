/** What the scenarios of every kit share: members with a to-do, pages and what they showed, and what a view costs. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { BrowserTests, Visit } from "../../support/browser.js";
import { PASSWORD } from "../../support/steps.js";
import type { Person } from "../../support/steps.js";
import type { ServerKit } from "./kit.js";
import type { World } from "./world.js";

/** The JWT cookie that Better Auth's plugin sets on http. */
export const JWT_COOKIE = "better-auth.convex_jwt";
/** How a server asks for a token. */
export const TOKEN_REQUEST = "GET /api/auth/convex/token";

const add = makeFunctionReference<"mutation", { text: string }>("todos:add");
let people = 0;

/** Somebody with a browser, a session in it, and one to-do. */
export interface Member extends Person {
  readonly context: BrowserContext;
  readonly todo: string;
}

/** One page view as a server sees it: without scripts, and all that the server asked the deployment for it. */
export interface View {
  readonly status: number;
  readonly html: string;
  readonly site: string[];
  readonly cloud: string[];
}

/** The tester of a kit. `world` is there from the first test on. */
export class Tester {
  constructor(
    readonly kit: ServerKit,
    readonly browser: BrowserTests,
    readonly world: () => World,
  ) {}

  get home(): string {
    return this.world().origin + this.kit.home;
  }

  /** Somebody new, who signed up through the app's own endpoint. */
  async member(name = "Ada"): Promise<Member> {
    people += 1;
    const context = await this.browser.newContext();
    const email = `${name.toLowerCase()}-${this.kit.name}-${String(people)}@example.com`;
    await this.post(context, "/sign-up/email", { name, email, password: PASSWORD });
    const todo = `to-do ${String(people)} of ${name}`;
    const client = new ConvexHttpClient(this.world().host.url, {
      auth: await cookieOf(context, JWT_COOKIE),
    });
    await client.mutation(add, { text: todo });
    return { name, email, context, todo };
  }

  /** Posts to Better Auth through the app's server, with and into the cookies of the context. */
  async post(context: BrowserContext, path: string, data: object): Promise<void> {
    const { origin } = this.world();
    const url = `${origin}/api/auth${path}`;
    const answer = await context.request.post(url, { data, headers: { origin } });
    expect(answer.status(), await answer.text()).toBe(200);
  }

  /** Views the home page as somebody without scripts does. */
  async view(context: BrowserContext): Promise<View> {
    const { site, cloud } = this.forgetRequests();
    const answer = await context.request.get(this.home);
    const html = await answer.text();
    return { status: answer.status(), html, site: [...site.requests], cloud: [...cloud.requests] };
  }

  /** Opens the home page in a tab that records what it shows. */
  async open(context: BrowserContext): Promise<Visit> {
    const visit = await this.browser.open(undefined, context);
    await visit.page.addInitScript(recordViews);
    await visit.page.goto(this.home);
    return visit;
  }

  forgetRequests(): World {
    const world = this.world();
    world.site.requests.length = 0;
    world.cloud.requests.length = 0;
    return world;
  }

  /** What the app's server asked the deployment for beside what it passed on for this page. */
  ownRequests({ log }: Visit): string[] {
    const asked = [...this.world().site.requests];
    for (const path of log.authRequests) {
      const index = asked.findIndex((request) => request.endsWith(` /api/auth${path}`));
      if (index >= 0) asked.splice(index, 1);
    }
    return asked;
  }
}

/** The value of a cookie. */
export async function cookieOf(context: BrowserContext, name: string): Promise<string> {
  const cookie = (await context.cookies()).find((each) => each.name === name);
  return cookie?.value ?? "";
}

/** Nothing was thrown, and nothing was complained of: React says there that a page is not what the server rendered. */
export function expectNoErrors({ log }: Visit): void {
  expect([...log.pageErrors, ...log.consoleErrors]).toEqual([]);
}

/** How often the page told Convex who it is. */
export function identities({ log }: Visit): number {
  return log.sent.filter(({ type }) => type === "Authenticate").length;
}

/** What was shown since the page was loaded: `form` to sign in, `list` of to-dos, `loading`, and none for anything else. */
export function views(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { views: string[] }).views);
}

/** Forgets all views but the last. */
export function forgetViews(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { views } = window as unknown as { views: string[] };
    views.splice(0, views.length - 1);
  });
}

/** Runs in the page before its own scripts. */
function recordViews(): void {
  const seen: string[] = [];
  Object.assign(window, { views: seen });
  const look = (): void => {
    const main = document.querySelector("main");
    if (!main) return;
    const isForm = main.querySelector("form[aria-label='Sign in'], form[aria-label='Sign up']");
    const isLoading = /One moment…|Loading…/.test(main.textContent);
    const now = isForm ? "form" : main.querySelector("li") ? "list" : isLoading ? "loading" : "";
    if (now !== "" && seen.at(-1) !== now) seen.push(now);
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  });
}
