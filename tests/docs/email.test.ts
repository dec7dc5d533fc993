/**
 * The functions of docs/email.md and docs/email-other-service.md, as they stand there, with the real components of Resend and of this package: one mail for
 * each flow, with a link of the right origin that works. Only the APIs of the mail services are fakes: a `fetch` that keeps what it is sent.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { register as registerResend } from "@convex-dev/resend/test";
import { register as registerRateLimiter } from "@convex-dev/rate-limiter/test";
import { register as registerWorkpool } from "@convex-dev/workpool/test";
import { convexTest } from "convex-test";
import type { defineSchema } from "convex/server";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { register } from "../../js/test/index.js";
import { createBrowser, PASSWORD, SITE } from "../plugins/support/app.js";
import { filesOf } from "./support/app.js";
import { repository } from "./support/blocks.js";

const APP = "https://app.example.com";
const ADA = "delivered+ada@resend.dev";
const folder = join(repository, "tests/output/docs-email");

type Modules = Record<string, () => Promise<unknown>>;
/** The page's app on one origin and on two, and on one with another mail service. */
type Variant = 1 | 2 | "other service";

/** Writes the app of the page, and gives its modules. */
function appOf(variant: Variant): Modules {
  const files = filesOf(`docs/email${variant === "other service" ? "-other-service" : ""}.md`);
  if (variant !== 2) replace(files, "convex/auth.ts", "      crossDomain(),\n");
  for (const name of ["api.js", "server.js"])
    files.set(
      `convex/_generated/${name}`,
      readFileSync(join(repository, "examples/react/convex/_generated", name), "utf8"),
    );
  const home = join(folder, String(variant).replace(" ", "-"));
  mkdirSync(join(home, "node_modules"), { recursive: true });
  symlinkSync(repository, join(home, "node_modules/convex-gate"), "dir");
  const functions = [...files].filter(([name]) => name.startsWith("convex/"));
  for (const [name, text] of functions) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return Object.fromEntries(
    functions.map(([name]) => [
      `/${name}`,
      () => import(/* @vite-ignore */ join(home, name)) as Promise<unknown>,
    ]),
  );
}

function replace(files: Map<string, string>, name: string, text: string): void {
  const before = files.get(name) ?? "";
  if (!before.includes(text)) throw new Error(`${name} has no ${text}`);
  files.set(name, before.replace(text, ""));
}

interface Mail {
  readonly to: string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

/** Stands for Resend's API, and for that of the other service. */
function fakeServices(): Mail[] {
  const outbox: Mail[] = [];
  vi.stubGlobal("fetch", (address: string, { body }: { body: string }) => {
    if (address === "https://mail.example.com/send") {
      outbox.push(JSON.parse(body) as Mail);
      return Promise.resolve(new Response());
    }
    if (address !== "https://api.resend.com/emails/batch") throw new Error(`asked ${address}`);
    const mails = JSON.parse(body) as Mail[];
    outbox.push(...mails);
    return Promise.resolve(Response.json({ data: mails.map((_, id) => ({ id: String(id) })) }));
  });
  return outbox;
}

async function open(variant: Variant) {
  const app = modules[variant];
  const { default: schema } = (await app["/convex/schema.ts"]!()) as {
    default: ReturnType<typeof defineSchema>;
  };
  const t = convexTest({ schema, modules: app });
  register(t);
  registerResend(t as never);
  registerRateLimiter(t as never, "resend/rateLimiter");
  registerWorkpool(t as never, "resend/emailWorkpool");
  registerWorkpool(t as never, "resend/callbackWorkpool");
  const outbox = fakeServices();
  const fetched = (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    return t.fetch(pathname + search, request);
  };
  /** What was sent since the last look. */
  async function sent(): Promise<Mail[]> {
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    return outbox.splice(0);
  }
  return { t, sent, browser: () => createBrowser(fetched) };
}

let modules: Record<Variant, Modules>;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  // Resend's queue tells how it is doing.
  for (const name of ["log", "info", "debug", "warn"] as const)
    vi.spyOn(console, name).mockImplementation(() => undefined);
  for (const [name, value] of Object.entries({
    CONVEX_SITE_URL: SITE,
    SITE_URL: APP,
    BETTER_AUTH_SECRET: "a-secret-of-the-tests-with-enough-length-0001",
    RESEND_API_KEY: "re_test",
    MAIL_FROM: "To-do <hello@example.com>",
  }))
    vi.stubEnv(name, value);
  if (modules) return;
  rmSync(folder, { recursive: true, force: true });
  modules = { 1: appOf(1), 2: appOf(2), "other service": appOf("other service") };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const linkOf = ({ text }: Mail): URL => new URL(/https:\S+$/.exec(text)![0]);
const callbackURL = `${APP}/home`;

describe.each([1, 2] as const)("on %i origin(s)", (origins) => {
  const home = origins === 1 ? APP : SITE;

  it("every flow sends one mail, with a link that begins where Better Auth is", async () => {
    const { sent, browser } = await open(origins);
    const ada = browser();
    const headers = { origin: APP };
    const ask = async (path: string, body: object): Promise<Mail[]> => {
      const answer = await ada.request(path, { body, headers });
      expect([path, answer.status, answer.status === 200 || (await answer.text())]).toEqual([
        path,
        200,
        true,
      ]);
      return sent();
    };
    const seen: string[] = [];
    /** Notes the one mail of a flow. */
    const only = ([mail, ...others]: Mail[]): Mail => {
      expect(others).toEqual([]);
      const { to, from, subject, text } = mail!;
      expect(from).toBe("To-do <hello@example.com>");
      const link = text.includes("https:") ? linkOf(mail!) : undefined;
      const path = link?.pathname.replace(/(reset-password)\/\w+/, "$1/…");
      const where = link ? ` ${link.origin === home ? "home" : link.origin}${path!}` : "";
      seen.push(`${to.join()}: ${subject.replace(/^\d{6}/, "######")}${where}`);
      return mail!;
    };
    /** Opens a link as a browser does, and gives where it leads. */
    const opened = async (mail: Mail): Promise<string> => {
      const { pathname, search } = linkOf(mail);
      const answer = await ada.request((pathname + search).replace("/api/auth", ""));
      return answer.headers.get("location") ?? String(answer.status);
    };
    const account = { email: ADA, password: PASSWORD, name: "Ada" };
    const leads = (path: string) => expect.stringMatching(new RegExp(`^${APP}${path}`));

    const link = only(await ask("/sign-up/email", { ...account, callbackURL }));
    only(await ask("/sign-up/email", { ...account, callbackURL }));
    expect(await opened(link)).toEqual(leads("/home"));
    expect(await opened(link)).toEqual(leads("/home"));
    only(await ask("/request-password-reset", { email: ADA, redirectTo: `${APP}/reset` }));
    only(await ask("/email-otp/send-verification-otp", { email: ADA, type: "sign-in" }));
    only(await ask("/sign-in/magic-link", { email: ADA, callbackURL }));

    expect((await ada.signIn(ADA)).status).toBe(200);
    only(await ask("/change-email", { newEmail: "delivered+new@resend.dev", callbackURL }));
    only(await ask("/two-factor/send-otp", {}));
    await ask("/organization/create", { name: "Engine", slug: "engine" });
    only(
      await ask("/organization/invite-member", {
        email: "delivered+bob@resend.dev",
        role: "member",
      }),
    );
    only(await ask("/delete-user", { callbackURL }));
    expect(seen).toEqual([
      `${ADA}: Verify your address home/api/auth/verify-email`,
      `${ADA}: You have an account`,
      `${ADA}: Reset your password home/api/auth/reset-password/…`,
      `${ADA}: ###### is your code`,
      `${ADA}: Sign in home/api/auth/magic-link/verify`,
      `${ADA}: Change your address? home/api/auth/verify-email`,
      `${ADA}: ###### is your code`,
      `delivered+bob@resend.dev: An invitation ${origins === 1 ? "home" : APP}/accept-invitation`,
      `${ADA}: Delete your account? home/api/auth/delete-user/callback`,
    ]);
  });
});

const sendLink = makeFunctionReference<"mutation", { email: string }>("support:sendLink");

describe.each([1, "other service"] as const)("in a mutation (%s)", (variant) => {
  it("mail and rows are one transaction", async () => {
    const { t, sent } = await open(variant);
    await t.mutation(sendLink, { email: ADA });
    expect((await sent()).map(({ subject }) => subject)).toEqual(["Sign in"]);
    await expect(t.mutation(sendLink, { email: ADA })).rejects.toThrow("There is a link already.");
    expect(await sent()).toEqual([]);
  });
});

describe("a mail that the queue refuses", () => {
  it("is logged, and the answer is the same but for a magic link", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { sent, browser } = await open(1);
    const account = { email: "ada@example.com", password: PASSWORD, name: "Ada" };
    const headers = { origin: APP };
    const answer = await browser().request("/sign-up/email", { body: account, headers });
    expect([answer.status, await sent()]).toEqual([200, []]);
    // The one flow whose answer tells.
    const link = await browser().request("/sign-in/magic-link", { body: account, headers });
    expect([link.status, await sent()]).toEqual([500, []]);
    const logged = log.mock.calls.flat().map(String).join("\n");
    expect(logged).toContain("Failed to run background task");
    expect(logged).toContain("Test mode is enabled");
  });
});

describe("the clean-up", () => {
  it("deletes what is older than a day", async () => {
    const { t, sent } = await open(1);
    await t.mutation(sendLink, { email: ADA });
    await sent();
    const clean = makeFunctionReference<"mutation">("crons:deleteOldMails");
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    vi.setSystemTime(Date.now() + 2 * 86_400_000);
    await t.mutation(clean, {});
    expect(log.mock.calls.flat()).toContain("Cleaned up 1 emails");
  });
});
