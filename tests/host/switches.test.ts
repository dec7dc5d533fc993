/** What the host does when it is told to: production's errors, a narrow site, writes by the second, conflicts. */
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSigner, startFixture } from "./support/fixture-host.js";
import type { FixtureHost } from "./support/fixture-host.js";

let host: FixtureHost;

beforeAll(async () => {
  const { jwks } = await createSigner("ES256");
  const switches = { redacted: true, fourAtOnce: true, writeLimit: true, concurrent: true };
  host = await startFixture({ LOCAL_JWKS: jwks }, switches);
});
afterAll(() => host.close());

const post = async (kind: string, path: string, args: object): Promise<[number, unknown]> => {
  const response = await fetch(`${host.url}/api/${kind}`, {
    method: "POST",
    headers: { "content-type": "application/json", "convex-request-id": "a1" },
    body: JSON.stringify({ path, args: [args] }),
  });
  return [response.status, await response.json()];
};

test("redacted, an error says nothing but its request and its data", async () => {
  const errorMessage = "[Request ID: a1] Server Error";
  expect(await post("mutation", "messages:sendAndFail", { room: "r" })).toEqual([
    200,
    {
      status: "error",
      errorMessage,
      errorData: { code: "REFUSED", at: { $integer: "BwAAAAAAAAA=" } },
    },
  ]);
  expect(await post("query", "messages:list", {})).toEqual([
    200,
    { status: "error", errorMessage },
  ]);
  const broken = await fetch(`${host.siteUrl}/broken`, { headers: { "convex-request-id": "a1" } });
  expect([broken.status, await broken.json()]).toEqual([500, { code: errorMessage }]);
});

test("the site admits four requests at once, the way of the other origin more", async () => {
  // Each says that it is there, and holds its place for longer than the look at who has said so takes.
  const arrived = async (origin: string): Promise<number> => {
    const six = Promise.all(Array.from({ length: 6 }, () => fetch(`${origin}/held`)));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const list = makeFunctionReference<"query">("messages:list");
    const texts = (await host.http().query(list, { room: "held" })) as string[];
    await six;
    return texts.length;
  };
  expect(await arrived(host.siteUrl)).toBe(4);
  expect(await arrived(`${host.url}/http`)).toBe(6 + 6);
});

test("more than 4 MiB in a second have to wait, and are refused after five tries", async () => {
  const fill = (): Promise<[number, unknown]> =>
    post("mutation", "messages:fill", { documents: 5, bytes: 900_000 });
  const answers = await Promise.all(Array.from({ length: 8 }, fill));
  const refused = answers.filter(([status]) => status === 429);
  const written = answers.filter(([status]) => status === 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(written.length + refused.length).toBe(8);
  expect(written.length).toBeGreaterThan(1);
  for (const [, body] of refused)
    expect(body).toMatchObject({
      code: "TooManyWrites",
      message: expect.stringMatching(/^Too many writes per second\. .* 4 MiB bytes/) as unknown,
    });
});

test(
  "a mutation that lost every run is a 503 with Convex's code",
  { timeout: 60_000 },
  async () => {
    host.concurrency?.reset();
    // Runs are 20 ms at least, 16 at a time: of so many that read one document some lose five times.
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => post("mutation", "limits:contend", {})),
    );
    const lost = answers.filter(([status]) => status === 503);
    expect(lost.length).toBe(host.concurrency?.counts().lost);
    expect(lost.length).toBeGreaterThan(0);
    for (const [, body] of lost)
      expect(body).toMatchObject({
        code: "OptimisticConcurrencyControlFailure",
        message: expect.stringMatching(
          /^Documents read from or written to the "contended" table changed/,
        ) as unknown,
      });
    expect(answers.filter(([status]) => status === 200)).toHaveLength(120 - lost.length);
  },
);

test("variables that Convex would not set are refused, and nothing changes", async () => {
  const set = (variables: Record<string, string>): Promise<void> =>
    host.setEnv({ APP_VARIABLE: "changed", ...variables });
  await expect(set({ CONVEX_SITE_URL: "http://elsewhere" })).rejects.toThrow(
    'Environment variable with name "CONVEX_SITE_URL" is built-in and cannot be overridden',
  );
  await expect(set({ LARGE: "x".repeat(8_193) })).rejects.toThrow("value is 8193 bytes");
  await expect(set({ "with-hyphen": "x" })).rejects.toThrow("name with-hyphen is invalid");
  const surroundings = makeFunctionReference<"query">("messages:surroundings");
  expect(await host.http().query(surroundings, {})).toMatchObject({ appVariable: null });
});
