/** Real password hashes in an app that the real CLI bundled, in fresh contexts. */
import { basename, join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleApp } from "../host/index.js";
import type { Host, PushRequest } from "../host/index.js";
import { openAuthSession } from "./auth-session.js";
import { startLocalDeployment } from "./local-deployment.js";
import { stageApp } from "./stage-app.js";

const ORIGIN = "http://localhost:5173";
const password = "correct horse battery";

let pushRequest: PushRequest;
let host: Host;
const log: string[] = [];
beforeAll(async () => {
  const folder = await stageApp(join(import.meta.dirname, "passwords-app"), "passwords");
  pushRequest = await bundleApp(folder);
  // In a chunk of its own, since the module for other systems' hashes has it as well.
  const wipers = chunksWith("js/wasm/one-call.js");
  expect(wipers).toHaveLength(1);
  for (const module of wipers) {
    expect(module.source).toContain(TELL[0]);
    module.source = module.source.replace(...TELL);
  }
  host = await startLocalDeployment({
    pushRequest,
    origin: ORIGIN,
    log: (line) => log.push(line),
  });
}, 60_000);
afterAll(() => host.close());

/** Better Auth's own functions would give the same answers: the module has to say that it was asked. */
const TELL = [".fill(0)", '.fill(console.log("wiped after a hash") ?? 0)'] as const;
const timesInWasm = (): number =>
  log.splice(0).filter((line) => line.includes("wiped after a hash")).length;
const chunksWith = (file: string): PushRequest["appDefinition"]["changedModules"] =>
  pushRequest.appDefinition.changedModules.filter(({ source }) => source.includes(file));
const carriers = (): ReturnType<typeof chunksWith> =>
  chunksWith("js/wasm/generated/password-bytes.js");

const signIn = async (email: string, secret = password): Promise<number> =>
  (await openAuthSession(host.siteUrl, ORIGIN).post("/sign-in/email", { email, password: secret }))
    .status;

it("the module is a chunk of its own, which nothing imports before a password is hashed", () => {
  const modules = pushRequest.appDefinition.changedModules;
  expect(carriers().map(({ path }) => path)).toEqual([expect.stringMatching(/^_deps\//)]);
  const [carrier] = carriers();
  const name = basename(carrier?.path ?? "");
  const importers = modules.filter(({ source }) => source.includes(name));
  for (const { source } of importers) {
    for (const line of source.split("\n").filter((each) => each.includes(`/${name}`)))
      expect(line).toMatch(/\bimport\("/);
  }
  expect(importers).not.toEqual([]);
  console.log(`note: the chunk has ${String(Buffer.byteLength(carrier?.source ?? ""))} bytes`);
  const component = pushRequest.componentDefinitions.flatMap(({ functions }) => functions);
  expect(component.filter(({ source }) => source.includes("password-bytes"))).toEqual([]);
});

it("who signs up over HTTP signs in, with the right password only", async () => {
  const email = "http@example.com";
  const account = { email, password, name: "By HTTP" };
  const { status } = await openAuthSession(host.siteUrl, ORIGIN).post("/sign-up/email", account);
  expect(status).toBe(200);
  expect([await signIn(email), await signIn(email, "another one")]).toEqual([200, 401]);
  expect(await signIn("nobody@example.com")).toBe(401);
  expect(timesInWasm()).toBe(4);
});

it("who signed up in a mutation, where no module can be loaded later, signs in over HTTP", async () => {
  const email = "mutation@example.com";
  const client = new ConvexHttpClient(host.url, { logger: false });
  await client.mutation(makeFunctionReference<"mutation">("auth:signUp"), { email, password });
  expect(timesInWasm()).toBe(0);
  expect([await signIn(email), await signIn(email, "another one")]).toEqual([200, 401]);
  expect(timesInWasm()).toBe(2);
});
