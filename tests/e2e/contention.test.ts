/** Contention and overload over HTTP, where mutations conflict as on Convex: what a browser is told. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Overload } from "../host/index.js";
import type { SessionsApp, SignedUp } from "./sessions-app.js";
import { ORIGIN, PASSWORD, startSessionsApp } from "./sessions-app.js";

const AT_ONCE = 20;
let app: SessionsApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startSessionsApp("contention", { concurrent: true });
  ada = await app.signUp("ada");
});
afterAll(() => app.close());

const together = async (request: (index: number) => Promise<number>): Promise<number[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => request(index)));
const everyOne = (status: number): number[] => Array.from({ length: AT_ONCE }, () => status);
const noted = (name: string): void => {
  const counts = app.host.concurrency?.counts();
  console.log(`note: ${String(AT_ONCE)} at once, ${name}: ${JSON.stringify(counts)}`);
  app.host.concurrency?.reset();
};

describe(`${String(AT_ONCE)} requests at once`, () => {
  it("change one user, and each succeeds", { timeout: 90_000 }, async () => {
    app.host.concurrency?.reset();
    const change = async (index: number): Promise<number> =>
      (await ada.browser.post("/update-user", { name: `n${String(index)}` })).status;
    expect(await together(change)).toEqual(everyOne(200));
    // How often they meet is for the machine: `tests/plugins/races.test.ts` has them meet in one process.
    noted("update-user");
  });

  it("renew one session, and each succeeds", { timeout: 90_000 }, async () => {
    const look = async (): Promise<number> => (await ada.browser.get("/get-session")).status;
    expect(await together(look)).toEqual(everyOne(200));
    noted("get-session");
  });

  it("fetch tokens of one session, and each gets one", { timeout: 90_000 }, async () => {
    const fetchToken = async (): Promise<number> => {
      expect(await ada.browser.token(true)).toMatch(/^ey/);
      return 200;
    };
    expect(await together(fetchToken)).toEqual(everyOne(200));
    noted("tokens");
  });

  it("sign in, and each succeeds", { timeout: 90_000 }, async () => {
    const signIn = async (): Promise<number> => {
      await app.signIn("ada@example.com");
      return 200;
    };
    expect(await together(signIn)).toEqual(everyOne(200));
    noted("sign-in");
  });
});

/** A request as a browser on the app's origin makes it. */
const post = (path: string, body: object): Promise<Response> =>
  fetch(`${app.host.siteUrl}/api/auth${path}`, {
    method: "POST",
    headers: { origin: ORIGIN, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const signIn = (): Promise<Response> =>
  post("/sign-in/email", { email: "ada@example.com", password: PASSWORD });

describe.each<Overload>([
  "TooManyWrites",
  "TooManyConcurrentRequests",
  "ExpiredInQueue",
  "TimedOut",
])("a backend that answers %s", (overload) => {
  it("for a moment is not noticed", async () => {
    app.host.overloads.fail(overload, "gate:commit");
    expect((await signIn()).status).toBe(200);
  });

  it("for long is a 503 that the app's script can read", { timeout: 60_000 }, async () => {
    app.host.overloads.fail(overload, "gate:commit", overload === "TimedOut" ? 2 : 4);
    const response = await signIn();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toMatchObject({ code: "TOO_BUSY" });
    expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(response.headers.get("access-control-expose-headers")).toMatch(/\bRetry-After\b/);
  });
});

it("who is signed in is not taken for a stranger by a backend without room", async () => {
  app.host.overloads.fail("TimedOut", "gate:findOne", 2);
  expect(await ada.browser.post("/update-user", { name: "Ada" })).toMatchObject({
    status: 503,
    body: { code: "TOO_BUSY" },
  });
});

describe("a value over 1 MiB", () => {
  const large = "x".repeat((1 << 20) + 1);
  it.each<[string, () => Promise<Response>]>([
    [
      "in a sign-up",
      () => post("/sign-up/email", { email: "b@example.com", password: PASSWORD, name: large }),
    ],
    [
      "in the image of one",
      () =>
        post("/sign-up/email", {
          email: "b@example.com",
          password: PASSWORD,
          name: "B",
          image: large,
        }),
    ],
  ])("%s is a 413 with a code that the app's script can read", async (_name, request) => {
    const response = await request();
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "VALUE_TOO_LARGE" });
    expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  });

  it("in a filter is no 500", async () => {
    const { status } = await post("/sign-in/email", {
      email: `${"a".repeat(1 << 20)}@example.com`,
      password: PASSWORD,
    });
    expect(status).toBeLessThan(500);
  });
});
