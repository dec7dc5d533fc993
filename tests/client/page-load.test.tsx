// @vitest-environment jsdom
/** What a page load asks and in what order, where the page keeps its cookies itself. */
import { cleanup } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useFakeTime } from "./support/fake-time.js";
import { jwt, tokenOf } from "./support/jwt.js";
import { pass } from "./support/mount.js";
import { load, startSite } from "./support/two-origin-page.js";
import type { Site } from "./support/two-origin-page.js";

const KEY = "better-auth_cookies.https_app.convex.site.token";
const ASKED = "/get-session with token";

useFakeTime();
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

const requests = (log: string[]): string[] => log.filter((entry) => entry.startsWith("/"));
const shown = (log: string[]): string[] => log.filter((entry) => entry.startsWith("<"));
const kept = (): string | undefined =>
  (JSON.parse(localStorage.getItem(KEY) || "{}") as { token?: string }).token;

/** A site, and a browser in which "a" signed in on an earlier visit. */
async function visited(change: (site: Site) => void = () => undefined) {
  const site = startSite();
  change(site);
  const page = load(site);
  await pass(1_000);
  await page.signIn("a");
  return { site, page };
}

describe("a first load", () => {
  it("asks once when nobody is signed in, and opens no socket", async () => {
    const { log } = load(startSite());
    await pass(2_000);
    expect(log).toEqual(["<loading>", ASKED, "<out>"]);
  });

  it("asks once when somebody is: the session brings the token", async () => {
    await visited();
    localStorage.removeItem(KEY);
    const site = startSite();
    site.live.add("a");
    const { log } = load(site);
    await pass(2_000);
    expect(requests(log)).toEqual([ASKED]);
    expect(log.filter((entry) => entry.startsWith("auth"))).toEqual(["auth live"]);
    expect(shown(log).at(-1)).toBe("<secret of a>");
  });

  it("of a server that brings none asks the token endpoint", async () => {
    const { page } = await visited((site) => (site.brings = false));
    expect(requests(page.log)).toEqual([ASKED, "/sign-in/email", ASKED, "/convex/token"]);
    expect(shown(page.log).at(-1)).toBe("<secret of a>");
  });
});

it("a sign-in asks for nothing but the session", async () => {
  const { page } = await visited();
  expect(requests(page.log)).toEqual([ASKED, "/sign-in/email", ASKED]);
});

describe("a reload", () => {
  it("has what is protected before the server of the session answers", async () => {
    const { site } = await visited();
    site.delayMs = 60_000;
    const { log } = load(site);
    await pass(2_000);
    expect(requests(log)).toEqual([ASKED]);
    expect(log).toContain("<secret of a>");
    expect(log.filter((entry) => entry.startsWith("auth"))).toEqual(["auth live"]);
    // Nothing was run for nobody.
    expect(log).not.toContain("query none");
  });

  it("asks once, and Convex has one token until that nears its end", async () => {
    const { site } = await visited();
    const { log } = load(site);
    await pass(10_000);
    expect(requests(log)).toEqual([ASKED]);
    expect(log.filter((entry) => entry.startsWith("auth"))).toEqual(["auth live"]);
    expect(log.filter((entry) => entry.startsWith("<"))).toEqual([
      "<loading>",
      "<querying>",
      "<secret of a>",
    ]);
    // What is asked for later brings no token while there is one.
    log.length = 0;
    await pass(890_000);
    expect(requests(log)).toEqual(["/convex/token"]);
    const token = kept();
    const next = load(site);
    await pass(2_000);
    expect(requests(next.log)).toEqual([ASKED]);
    expect(token).toBeDefined();
  });

  it("gives Convex the token that came, where it says other things", async () => {
    let role = "user";
    const { site } = await visited((own) => {
      own.tokenFor = (sessionId) =>
        jwt({ sub: "a", sessionId, role, iat: now(), exp: now() + 900 });
    });
    role = "admin";
    const { log, convex, authClient } = load(site);
    await pass(2_000);
    expect(requests(log)).toEqual([ASKED]);
    expect(log.filter((entry) => entry.startsWith("auth"))).toEqual(["auth live", "auth live"]);
    expect(convex.client.connectionState().connectionCount).toBe(1);

    // As after whatever changes the session later on.
    log.length = 0;
    role = "owner";
    void authClient.updateUser({ name: "Ada" });
    await pass(2_000);
    expect(requests(log)).toEqual(["/update-user", ASKED]);
    expect(log.filter((entry) => entry.startsWith("auth"))).toEqual(["auth live"]);
    // And what changes nothing is asked without, and sends nothing.
    await pass(20_000);
    log.length = 0;
    authClient.$store.notify("$sessionSignal");
    await pass(2_000);
    expect(log).toEqual(["/get-session"]);
  });

  it("of a session that was revoked meanwhile ends with the session query's answer", async () => {
    const { site } = await visited();
    // Long enough after the sign-in, which may have replaced a session.
    await pass(15_000);
    site.live.clear();
    site.delayMs = 60_000;
    const { log } = load(site);
    await pass(2_000);
    expect(shown(log).at(-1)).toBe("<out>");
    expect(log.join()).not.toContain("secret");
    expect(kept()).toBeUndefined();
  });

  it("with a token that Convex does not take any more gets another one", async () => {
    const { site } = await visited();
    const { log, convex } = load(site);
    convex.takesTokens = false;
    await pass(100);
    convex.takesTokens = true;
    await pass(5_000);
    const answers = log.filter((entry) => entry.startsWith("auth"));
    expect([answers[0], answers.at(-1)]).toEqual(["auth expired", "auth live"]);
    expect(shown(log).at(-1)).toBe("<secret of a>");
  });

  it("after the token has ended asks as a first load does", async () => {
    const { site } = await visited();
    cleanup();
    vi.setSystemTime(Date.now() + 3_600_000);
    const { log } = load(site);
    await pass(2_000);
    expect(requests(log)).toEqual([ASKED]);
    expect(log.filter((entry) => entry.startsWith("auth"))).toEqual(["auth live"]);
  });

  it("finds the token in a slow storage, too", async () => {
    const items = new Map<string, string>();
    const later = () => new Promise((resolve) => setTimeout(resolve, 200));
    const storage = {
      getItem: (key: string) => later().then(() => items.get(key)),
      setItem: (key: string, value: string) => later().then(() => items.set(key, value)),
    };
    const site = startSite();
    const first = load(site, storage);
    await pass(2_000);
    await first.signIn("a");
    site.delayMs = 60_000;
    const { log } = load(site, storage);
    await pass(4_000);
    expect(shown(log).at(-1)).toBe("<secret of a>");
    expect(localStorage.length).toBe(1);
  });
});

describe("the token that is kept", () => {
  it("is gone with a sign-out, and is another one after a switch", async () => {
    const { page } = await visited();
    const ofA = kept();
    expect(ofA).toBeDefined();
    await page.signIn("b");
    expect(kept()).toBeDefined();
    expect(kept()).not.toBe(ofA);
    expect(requests(page.log).slice(-2)).toEqual(["/sign-in/email", ASKED]);
    expect(shown(page.log).at(-1)).toBe("<secret of b>");
    void page.authClient.signOut();
    await pass(2_000);
    expect(kept()).toBeUndefined();
    expect(JSON.stringify({ ...localStorage })).not.toContain("eyJ");
  });

  it("is gone with a 401", async () => {
    const { site, page } = await visited();
    site.live.clear();
    // Convex asks for the next token before this one's end.
    await pass(900_000);
    expect(requests(page.log)).toContain("/convex/token");
    expect(shown(page.log).at(-1)).toBe("<out>");
    expect(kept()).toBeUndefined();
  });

  it("ends with the tab where the cookie does", async () => {
    await visited((site) => {
      site.cookieOf = (session) => `better-auth.session_token=${session}.sig; HttpOnly`;
    });
    expect(JSON.stringify({ ...localStorage })).not.toContain("eyJ");
    expect(sessionStorage.getItem(KEY)).toContain("eyJ");
  });

  it("is of no use beside another session's cookie, as another tab may set it", async () => {
    const { site } = await visited();
    const jar = KEY.replace(".token", "");
    localStorage.setItem(jar, (localStorage.getItem(jar) ?? "").replace("a.sig", "b.sig"));
    site.live.add("b");
    const { log } = load(site);
    await pass(2_000);
    expect(log.join()).not.toContain("secret of a");
    expect(shown(log).at(-1)).toBe("<secret of b>");
    expect(requests(log)).toEqual([ASKED]);
  });

  it("is not one that answers what another tab's session had not asked", async () => {
    const { site } = await visited();
    const { log } = load(site);
    await pass(0);
    // The request is on its way with the cookie of "a".
    const jar = KEY.replace(".token", "");
    localStorage.setItem(jar, (localStorage.getItem(jar) ?? "").replace("a.sig", "b.sig"));
    await pass(2_000);
    expect(requests(log)).toEqual([ASKED]);
    expect(kept()).toBeUndefined();
  });

  it("may be garbage", async () => {
    const { site } = await visited();
    for (const text of [
      "{",
      "[]",
      "null",
      '{"token":1,"of":"a.sig"}',
      '{"token":"x","of":"a.sig"}',
    ]) {
      localStorage.setItem(KEY, text);
      const { log } = load(site);
      await pass(2_000);
      expect(shown(log).at(-1)).toBe("<secret of a>");
      expect(requests(log)).toEqual([ASKED]);
    }
  });

  it("is kept by no page that leaves its cookies to the browser", async () => {
    expect(tokenOf("a")).toContain("eyJ");
    await visited();
    expect(Object.keys(localStorage).sort()).toEqual([
      "better-auth_cookies.https_app.convex.site",
      KEY,
      "convex-gate.write",
    ]);
  });
});

function now(): number {
  return Math.floor(Date.now() / 1000);
}
