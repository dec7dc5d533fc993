/** What is evaluated in the component, where contexts are kept: one for all that requests call. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SignedUp, SessionsApp } from "./sessions-app.js";
import { startSessionsApp } from "./sessions-app.js";

let app: SessionsApp;
beforeAll(async () => {
  // Without this NODE_ENV requests are counted, which is a call of its own.
  app = await startSessionsApp("warm-contexts", { env: { NODE_ENV: "" }, workers: 16 });
});
afterAll(() => app.close());

/** The component's modules that were evaluated meanwhile, and how many calls there were. */
async function evaluated(work: () => Promise<unknown>): Promise<[string[], number]> {
  const { metrics } = app.host;
  metrics.reset();
  await work();
  const { componentCalls } = metrics.snapshot();
  const cold = componentCalls.filter(({ evaluatedBytes }) => evaluatedBytes > 0);
  return [cold.map((call) => call.function.replace(/:.*/, "")), componentCalls.length];
}

it("a new deployment evaluates it for its first request, and for no other one", async () => {
  let ada!: SignedUp;
  const signUp = async (): Promise<unknown> => (ada = await app.signUp("ada"));
  const again = async (): Promise<unknown> => app.signIn("ada@example.com");
  const total: number[] = [];
  const flows: [string, () => Promise<unknown>, string[]][] = [
    // What may have to roll back keeps no context.
    ["sign-up and get-session", signUp, ["gate", "transactions"]],
    ["get-session", () => ada.browser.get("/get-session"), []],
    ["token to be signed", () => ada.browser.token(true), ["transactions"]],
    ["token from the cache", () => ada.browser.token(false), ["transactions"]],
    ["sign-in", again, []],
    ["update-user", () => ada.browser.post("/update-user", { name: "Ada" }), []],
    ["list-sessions", () => ada.browser.get("/list-sessions"), []],
    ["sign-out", () => ada.browser.post("/sign-out", {}), []],
  ];
  for (const [name, work, modules] of flows) {
    const [cold, all] = await evaluated(work);
    total.push(all);
    expect(cold, name).toEqual(modules);
  }
  const calls = total.reduce((sum, each) => sum + each, 0);
  console.log(`note: ${String(calls)} component calls of ${String(flows.length)} flows`);
});
