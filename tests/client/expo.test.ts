/** `convex-gate/expo` on a device: its globals, the real clients of Convex and `@better-auth/expo`, the real server plugins. */
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { callbackOf, withGithub } from "../plugins/two-origins/support.js";
import { createBrowser, PASSWORD } from "../plugins/support/app.js";
import { createExpoAuthClient } from "../../js/expo/native.js";
import { secureStore } from "./support/native/secure-store.js";
import { bundleNativeApp, createDevice } from "./support/native/device.js";
import type { NativeApp } from "./support/native/device.js";
import { expoSite, rest, until } from "./support/native/site.js";

const TWO_HOURS_MS = 2 * 3_600_000;
let code: string;
let device: ReturnType<typeof createDevice>;

beforeAll(async () => {
  code = await bundleNativeApp();
});
afterEach(() => device?.stop());

function setUp() {
  const { auth, tables, socket } = expoSite();
  device = createDevice(code, auth.handler, socket);
  return { auth, tables, socket };
}

async function signUp(app: NativeApp, more: object = {}): Promise<void> {
  await until(app, "out");
  const person = { email: "a@example.com", password: PASSWORD, name: "A", ...more };
  expect((await app.authClient.signUp.email(person)).error).toBeNull();
  await until(app, "secret");
}

it("signs up, keeps the session through a restart, and signs out", async () => {
  setUp();
  const first = device.start();
  await signUp(first);
  expect((await first.authClient.convex.token()).data?.token).toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
  device.requests.length = 0;
  const second = device.start();
  await until(second, "secret");
  expect(second.shown).not.toContain("out");
  expect(second.shown).toContain("user a@example.com");
  await rest();
  expect(device.requests).toEqual(["/get-session"]);
  await second.authClient.signOut();
  await until(second, "out");
  const third = device.start();
  await until(third, "out");
  expect(third.shown).not.toContain("secret");
});

it("keeps a session that is larger than one value of the store", async () => {
  const { tables } = setUp();
  await signUp(device.start(), { image: `https://example.com/${"a".repeat(3_000)}` });
  expect(Math.max(...[...device.items.values()].map((value) => value.length))).toBeLessThan(2_048);
  device.network(false);
  const next = device.start();
  await vi.waitFor(() => expect(next.shown).toContain("user a@example.com"));
  device.network(true);
  await until(next, "secret");
  expect(tables["session"]).toHaveLength(1);
});

it("a social sign-in leaves by the system's browser and comes back by the app's scheme", async () => {
  const { auth } = setUp();
  const app = device.start();
  await until(app, "out");
  const links: string[] = [];
  app.setBrowser(async (address, returnTo) => {
    expect(returnTo).toBe("myapp:///inside");
    const browser = createBrowser(auth.handler);
    let url = new URL(address);
    for (let step = 0; step < 10 && url.protocol !== "myapp:"; step += 1) {
      if (url.host === "github.com") url = callbackOf(url);
      const path = url.pathname.replace("/api/auth", "") + url.search;
      const headers = { accept: "text/html", "sec-fetch-mode": "navigate" };
      const response = await browser.request(path, { headers });
      url = new URL(response.headers.get("location") ?? "", url);
    }
    links.push(url.href);
    return { type: "success", url: url.href };
  });
  await withGithub(() =>
    app.authClient.signIn.social({ provider: "github", callbackURL: "/inside" }),
  );
  expect(links).toEqual([expect.stringMatching(/^myapp:\/\/\/inside\?cookie=/)]);
  await until(app, "secret");
  expect(app.shown).toContain("user g@example.com");
});

describe("asleep for two hours", () => {
  it("wakes with a new token, and nobody sees a change", async () => {
    const { socket } = setUp();
    const app = device.start();
    await signUp(app);
    await rest();
    const log = socket.log.length;
    device.requests.length = 0;
    const shown = app.shown.length;
    await device.sleep(TWO_HOURS_MS);
    expect(device.requests).toEqual([]);
    // A busy machine may be slower with the request than with the connection.
    const release = socket.hold();
    device.wake();
    await vi.waitFor(() => expect(device.requests).toContain("/convex/token"), { timeout: 5_000 });
    await rest();
    release();
    await vi.waitFor(() => expect(socket.log.length).toBeGreaterThan(log), { timeout: 5_000 });
    await rest();
    expect(socket.log.slice(log)).toEqual(["auth live", "query live", "query live"]);
    expect(app.shown.slice(shown)).toEqual([]);
    expect(device.requests.sort()).toEqual(["/convex/token", "/get-session"]);
    expect(app.status()).toEqual({ session: "signedIn", degraded: false, reason: null });
  });

  it("wakes without a network, and goes on when there is one", async () => {
    setUp();
    const app = device.start();
    await signUp(app);
    await device.sleep(TWO_HOURS_MS);
    device.network(false);
    const shown = app.shown.length;
    device.wake();
    await vi.waitFor(() => expect(app.status().degraded).toBe(true), { timeout: 5_000 });
    expect(app.status().session).toBe("signedIn");
    await rest(300);
    device.network(true);
    await until(app, "secret");
    await vi.waitFor(() => expect(app.status().degraded).toBe(false), { timeout: 5_000 });
    expect(app.shown.slice(shown)).not.toContain("out");
  });

  it("a session that was revoked meanwhile ends", async () => {
    const { tables } = setUp();
    const app = device.start();
    await signUp(app);
    await device.sleep(TWO_HOURS_MS);
    tables["session"]!.length = 0;
    const shown = app.shown.length;
    device.wake();
    await until(app, "out");
    expect(app.shown.slice(shown)).not.toContain("secret");
  });
});

it("asks at a return from the background and not when the app is left, nor ever again within five seconds", async () => {
  setUp();
  const app = device.start();
  await signUp(app);
  await rest();
  device.requests.length = 0;
  for (const state of ["inactive", "active", "background"]) app.setAppState(state);
  await rest();
  expect(device.requests).toEqual([]);
  await device.sleep(60_000);
  device.wake();
  app.setAppState("inactive");
  app.setAppState("active");
  await rest();
  expect(device.requests).toEqual(["/get-session"]);
});

it("a network of which the system does not know that it leads anywhere is used", async () => {
  const { tables } = setUp();
  const app = device.start();
  await signUp(app);
  device.network(true, false);
  await device.sleep(60_000);
  tables["session"]!.length = 0;
  device.requests.length = 0;
  device.wake();
  await until(app, "out");
  // Better Auth asks nothing where it takes the network for gone.
  expect(device.requests).toContain("/get-session");
});

describe("the address of the deployment's site", () => {
  const make = (baseURL: string | undefined) => () =>
    createExpoAuthClient({ baseURL, scheme: "myapp", storage: secureStore(new Map(), setTimeout) });

  it.each([undefined, ""])("is missed at once: %j", (baseURL) => {
    expect(make(baseURL)).toThrow(expect.objectContaining({ code: "ENV_MISSING" }) as Error);
  });

  it.each(["https://happy-animal-1.convex.cloud", "/api/auth", "happy-animal-1.convex.site"])(
    "is refused where it is another: %s",
    (baseURL) => {
      expect(make(baseURL)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }) as Error);
    },
  );
});

describe("without a network", () => {
  it("a sign-out is heard of by its error, and the device forgets the session", async () => {
    setUp();
    const app = device.start();
    await signUp(app);
    device.network(false);
    expect(
      (await app.authClient.signOut().catch((error: unknown) => ({ error }))).error,
    ).not.toBeNull();
    await until(app, "out");
    device.network(true);
    const next = device.start();
    await until(next, "out");
    expect(next.shown).not.toContain("user a@example.com");
  });

  it("the app starts as whom it was left, degraded, and goes on by itself", async () => {
    setUp();
    await signUp(device.start());
    device.network(false);
    const app = device.start();
    await vi.waitFor(() => expect(app.status().reason).toBe("offline"), { timeout: 5_000 });
    expect(app.status().session).toBe("signedIn");
    expect(app.shown).not.toContain("out");
    expect(app.shown).toContain("user a@example.com");
    device.network(true);
    await until(app, "secret");
    await vi.waitFor(() => expect(app.status().degraded).toBe(false), { timeout: 5_000 });
  });

  it("an app with no word for a long outage goes on with the one for loading", async () => {
    setUp();
    await signUp(device.start());
    device.network(false);
    const app = device.start();
    const unlucky = (): number => device.requests.filter((path) => path === "/get-session").length;
    device.requests.length = 0;
    // With the third failure `unavailable` takes the place of `loading`.
    await vi.waitFor(() => expect(unlucky()).toBeGreaterThan(3), { timeout: 8_000 });
    await rest();
    expect(app.shown).toContain("loading");
    device.network(true);
    await until(app, "secret");
  });

  it("nobody is signed out where nobody is known", async () => {
    setUp();
    device.start();
    device.network(false);
    const app = device.start();
    await rest(400);
    expect(app.status()).toMatchObject({ session: "unknown", degraded: true });
    device.network(true);
    await until(app, "out");
  });
});
