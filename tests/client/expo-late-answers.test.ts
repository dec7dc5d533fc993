/** `convex-gate/expo` on a device whose user changes while requests of the one before are under way. */
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PASSWORD } from "../plugins/support/app.js";
import { bundleNativeApp, createDevice } from "./support/native/device.js";
import type { NativeApp } from "./support/native/device.js";
import { expoSite, rest, until } from "./support/native/site.js";

let code: string;
let device: ReturnType<typeof createDevice>;

beforeAll(async () => {
  code = await bundleNativeApp();
});
afterEach(() => device?.stop());

const [ADA, BOB] = ["ada@example.com", "bob@example.com"];

/** An app on a device, with both users signed up, and answers that can be held back. */
async function setUp() {
  const { auth, tables, socket } = expoSite();
  const late = new Map<string, { held: Promise<void>; isOnItsWay: boolean }>();
  device = createDevice(
    code,
    async (request) => {
      const path = new URL(request.url).pathname.replace("/api/auth", "");
      const { held, isOnItsWay = false } = late.get(path) ?? {};
      late.delete(path);
      if (isOnItsWay) await held;
      const answer = await auth.handler(request);
      await held;
      return answer;
    },
    socket,
  );
  const app = device.start();
  await until(app, "out");
  for (const email of [BOB, ADA]) {
    await app.authClient.signUp.email({ email, password: PASSWORD, name: email });
    await untilUser(app, email);
    if (email === ADA) continue;
    await app.authClient.signOut();
    await untilUser(app, null);
  }
  await rest();
  return {
    app,
    tables,
    /** The next answer from there is made at once, or the request is still on its way, and arrives when it is let go. */
    hold(path: string, isOnItsWay = false): () => void {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      late.set(path, { held, isOnItsWay });
      return release;
    },
    /** From now on reading a session renews it. */
    renewalIsDue(): void {
      for (const row of tables["session"] ?? [])
        row["expiresAt"] = new Date(Date.now() + 2 * 86_400_000);
    },
  };
}

const signIn = (app: NativeApp, email = BOB) =>
  app.authClient.signIn.email({ email, password: PASSWORD });

const isUser = (text: string): boolean => text.startsWith("user ");

/** What the app shows: its page, and its user. */
const shownBy = ({ shown }: NativeApp): (string | undefined)[] => [
  shown.findLast((text) => !isUser(text)),
  shown.findLast(isUser),
];

async function untilUser(app: NativeApp, email: string | null): Promise<void> {
  const shown = email === null ? ["out", "user none"] : ["secret", `user ${email}`];
  await vi.waitFor(() => expect(shownBy(app)).toEqual(shown), { timeout: 8_000, interval: 10 });
}

/** Who is signed in, and stays so: as the app shows it, as it is told, and as its next start knows it without a network. */
async function expectUser(app: NativeApp, email: string | null): Promise<void> {
  await untilUser(app, email);
  await rest(300);
  await untilUser(app, email);
  expect((await app.authClient.getSession()).data?.user.email ?? null).toBe(email);
  await expectKnown(email);
}

async function expectKnown(email: string | null): Promise<void> {
  device.network(false);
  const next = device.start();
  if (email !== null) await vi.waitFor(() => expect(next.shown).toContain(`user ${email}`));
  await rest();
  const users = next.shown.filter((text) => isUser(text) && text !== "user none");
  expect(users).toEqual(email === null ? [] : [`user ${email}`]);
}

describe("an answer to the user before", () => {
  it("about a renewed session does not bring that user back", async () => {
    const { app, hold, renewalIsDue } = await setUp();
    renewalIsDue();
    const release = hold("/get-session");
    const asked = app.authClient.getSession();
    await rest(60);
    await signIn(app);
    await untilUser(app, BOB);
    const shown = app.shown.length;
    release();
    await asked;
    await expectUser(app, BOB);
    expect(app.shown.slice(shown)).not.toContain(`user ${ADA}`);
  });

  it("that the session is over does not end the one that has begun", async () => {
    const { app, tables, hold } = await setUp();
    const release = hold("/get-session", true);
    const asked = app.authClient.getSession();
    await rest(60);
    await signIn(app);
    await untilUser(app, BOB);
    tables["session"]!.shift();
    release();
    await asked;
    await expectUser(app, BOB);
  });

  it("that nobody is signed in leaves the one who is in what the device remembers", async () => {
    const { app, hold } = await setUp();
    await app.authClient.signOut();
    await untilUser(app, null);
    await rest();
    const release = hold("/get-session");
    const asked = app.authClient.getSession();
    await rest(60);
    await signIn(app);
    await untilUser(app, BOB);
    await rest();
    release();
    await asked;
    await rest();
    await expectKnown(BOB);
  });

  it("does not come back after a sign-out", async () => {
    const { app, hold, renewalIsDue } = await setUp();
    renewalIsDue();
    const release = hold("/get-session");
    const asked = app.authClient.getSession();
    await rest(60);
    await app.authClient.signOut();
    await untilUser(app, null);
    const shown = app.shown.length;
    release();
    await asked;
    await rest(300);
    expect(JSON.stringify([...device.items])).not.toContain("session_token");
    expect(app.shown.slice(shown)).toEqual([]);
    await expectUser(app, null);
  });
});

describe("a sign-in", () => {
  it("while another's sign-out is being answered stays", async () => {
    const { app, tables, hold } = await setUp();
    const release = hold("/sign-out");
    const left = app.authClient.signOut();
    await untilUser(app, null);
    expect((await signIn(app)).error).toBeNull();
    await rest(300);
    const shown = app.shown.length;
    release();
    expect((await left).error).toBeNull();
    await expectUser(app, BOB);
    expect(app.shown.slice(shown)).not.toContain("out");
    expect(tables["session"]).toHaveLength(1);
  });

  it("whose answer comes right after that of the sign-out stays", async () => {
    const { app, hold } = await setUp();
    const release = hold("/sign-out");
    const left = app.authClient.signOut();
    await untilUser(app, null);
    const answer = hold("/sign-in/email");
    const entered = signIn(app);
    await rest();
    // The storage is slow: it is being emptied when the second comes.
    release();
    answer();
    await Promise.all([left, entered]);
    await expectUser(app, BOB);
  });

  it("as another user, without a sign-out, is taken", async () => {
    const { app } = await setUp();
    await signIn(app);
    await expectUser(app, BOB);
  });

  it("that is one of two at once leaves one of them, whole", async () => {
    const { app } = await setUp();
    await app.authClient.signOut();
    await untilUser(app, null);
    await Promise.all([signIn(app, ADA), signIn(app)]);
    await rest(300);
    const { data } = await app.authClient.getSession();
    await expectUser(app, data?.user.email ?? "");
  });

  it("is ended by a sign-out of its own while one before it is being answered", async () => {
    const { app, tables, hold } = await setUp();
    const release = hold("/sign-out");
    const left = app.authClient.signOut();
    await untilUser(app, null);
    await signIn(app);
    await untilUser(app, BOB);
    await app.authClient.signOut();
    release();
    await left;
    await expectUser(app, null);
    expect(tables["session"]).toHaveLength(0);
  });
});
