/**
 * What a table or a unique field does that nobody knew before: to rows that were there, and to who is looking. With fresh
 * contexts it costs what it costs with those that are kept, as the matrix's other files have them.
 */
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { PushRequest } from "../host/index.js";
import { bundleMatrix } from "./support/bundle.js";
import type { MatrixDeployment } from "./support/deployment.js";
import { startBundle } from "./support/deployment.js";

const password = "correct horse battery";

let bundle: PushRequest;
beforeAll(async () => {
  bundle = await bundleMatrix("new-tables", ["additional-fields", "waitlist"]);
}, 120_000);

let matrix: MatrixDeployment;

/** The component calls of some work, as `function` and documents read. */
async function callsOf(work: () => Promise<unknown>): Promise<[string, number][]> {
  matrix.host.metrics.reset();
  await work();
  return matrix.host.metrics
    .snapshot()
    .componentCalls.map((call) => [call.function, call.documentsRead]);
}

const sum = (calls: [string, number][]): number => calls.reduce((all, [, read]) => all + read, 0);

describe.each([
  ["kept", 16],
  ["fresh", 0],
])("with %s contexts", (_, workers) => {
  beforeAll(async () => {
    matrix = await startBundle(bundle, workers);
  }, 120_000);
  afterAll(() => matrix.close());

  it("the component is evaluated once, or by each call", async () => {
    await matrix.choose({ sets: [] });
    const person = await matrix.tools.person("first");
    await person.get("/get-session");
    // The second request's own calls.
    await person.get("/get-session");
    const { componentCalls } = matrix.host.metrics.snapshot();
    const cold = componentCalls.filter(({ evaluatedBytes }) => evaluatedBytes > 0);
    expect(componentCalls.length).toBeGreaterThan(0);
    expect(cold).toHaveLength(workers > 0 ? 0 : componentCalls.length);
  });

  describe("a field that becomes unique when there are rows", () => {
    it("is scanned until the scheduled pages have run, and then costs what an index does", async () => {
      const { tools, host } = matrix;
      await matrix.choose({ sets: [] });
      const person = await tools.person("first");
      await tools.action("tables:fill", { model: "user", from: 0, count: 250 });

      await matrix.choose({ sets: ["additional-fields"] });
      const badge = tools.unique("badge");
      host.metrics.reset();
      expect((await person.post("/update-user", { badge })).status).toBe(200);
      // The write itself does the first page, and each page schedules the next, by itself.
      const pages = (): [string, number][] =>
        host.metrics
          .snapshot()
          .componentCalls.filter((call) => call.function === "entries:fill")
          .map((call) => [call.kind, call.documentsRead]);
      await expect.poll(() => pages().length, { timeout: 30_000 }).toBe(2);
      for (const [kind, read] of pages()) {
        expect(kind).toBe("mutation");
        // A page of rows, and what was noted; no entries were there yet.
        expect(read).toBeLessThanOrEqual(210);
      }

      const account = { email: `${badge}@example.com`, password, name: "Ada", badge };
      const refused = async (): Promise<void> =>
        expect((await tools.browser().post("/sign-up/email", account)).status).toBe(422);
      // The last page may still be on its way to being committed.
      await expect
        .poll(async () => sum(await callsOf(refused)), { timeout: 30_000 })
        .toBeLessThan(20);
    });
  });

  describe("the first row of a table that no schema declares", () => {
    it("is one write like every later one, and subscribers see nothing of it", async () => {
      const { tools, host } = matrix;
      await matrix.choose({ sets: ["waitlist"] });
      const person = await tools.person("watcher");
      const token = await person.token();
      const client = new ConvexClient(host.url, {
        webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
        logger: false,
      });
      client.setAuth(() => Promise.resolve(token));
      const seen: unknown[] = [];
      client.onUpdate(makeFunctionReference<"query">("auth:me"), {}, (me) => seen.push(me));
      await expect.poll(() => seen.at(-1)).toMatchObject({ id: person.id });
      const before = seen.length;

      const join = async (): Promise<Record<string, number>> => {
        host.metrics.reset();
        const email = `${tools.unique("waiting")}@example.com`;
        expect((await tools.browser().post("/waitlist/join", { email })).status).toBe(200);
        const counted = (): Record<string, number> => {
          const { calls } = host.metrics.snapshot();
          return {
            writes: calls.filter(({ kind, component }) => kind === "mutation" && component !== "")
              .length,
            reruns: calls.filter((call) => call.function === "auth:me").length,
          };
        };
        await new Promise((resolve) => setTimeout(resolve, 300));
        return counted();
      };
      // The first row makes the table, which every query reads; later ones are none of theirs.
      expect(await join()).toEqual({ writes: 1, reruns: 1 });
      expect(await join()).toEqual({ writes: 1, reruns: 0 });
      expect(seen).toHaveLength(before);
      await client.close();
    });
  });
});
