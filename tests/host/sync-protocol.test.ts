import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixtureHost, Signer } from "./support/fixture-host.js";
import { createSigner, startFixture } from "./support/fixture-host.js";
import { connectRaw } from "./support/raw-sync.js";

let host: FixtureHost;
let signer: Signer;

beforeAll(async () => {
  signer = await createSigner("ES256");
  host = await startFixture({ LOCAL_JWKS: signer.jwks });
});
afterAll(() => host.close());

const addWhoAmI = {
  type: "ModifyQuerySet",
  baseVersion: 0,
  newVersion: 1,
  modifications: [{ type: "Add", queryId: 0, udfPath: "messages:whoAmI", args: [{}] }],
};
const authenticate = (value: string, baseVersion = 0): object => ({
  type: "Authenticate",
  tokenType: "User",
  value,
  baseVersion,
});

test("versions continue from one transition to the next", async () => {
  const socket = await connectRaw(host.url, "/api/sync");
  socket.send(addWhoAmI);
  const first = await socket.next();
  expect(first).toMatchObject({
    type: "Transition",
    startVersion: { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" },
    endVersion: { querySet: 1, identity: 0 },
    modifications: [{ type: "QueryUpdated", queryId: 0, value: null }],
  });
  socket.send(authenticate(await signer.sign({})));
  const second = await socket.next();
  expect(second["startVersion"]).toEqual(first["endVersion"]);
  expect(second).toMatchObject({
    endVersion: { querySet: 1, identity: 1 },
    modifications: [{ value: { subject: "user-1" } }],
  });
  socket.send({
    type: "ModifyQuerySet",
    baseVersion: 1,
    newVersion: 2,
    modifications: [{ type: "Remove", queryId: 0 }],
  });
  expect(await socket.next()).toMatchObject({
    endVersion: { querySet: 2 },
    modifications: [{ type: "QueryRemoved", queryId: 0 }],
  });
  socket.close();
});

test("a mutation's timestamp is reached by the transition that follows it", async () => {
  const socket = await connectRaw(host.url);
  socket.send({
    type: "Mutation",
    requestId: 5,
    udfPath: "messages:send",
    args: [{ room: "raw", text: "x" }],
  });
  const [response, transition] = [await socket.next(), await socket.next()];
  expect(response).toMatchObject({ type: "MutationResponse", requestId: 5, success: true });
  const ts = (text: unknown): bigint => Buffer.from(text as string, "base64").readBigUInt64LE();
  expect(ts((transition["endVersion"] as { ts: string }).ts)).toBeGreaterThanOrEqual(
    ts(response["ts"]),
  );
  socket.close();
});

describe("AuthError", () => {
  test("a refused token: as an attempted update, and the connection ends", async () => {
    const socket = await connectRaw(host.url);
    socket.send(authenticate("nonsense"));
    expect(await socket.next()).toMatchObject({
      type: "AuthError",
      baseVersion: 0,
      authUpdateAttempted: true,
    });
    await socket.closed;
  });

  test("what was sent along with a refused token does not run, as nobody's or anybody's", async () => {
    const socket = await connectRaw(host.url);
    host.metrics.reset();
    socket.send(authenticate("nonsense"));
    socket.send(addWhoAmI);
    expect(await socket.next()).toMatchObject({ type: "AuthError" });
    await socket.closed;
    expect(host.metrics.snapshot().calls).toEqual([]);
  });

  test("a token inside the leeway of HTTP is over on the socket", async () => {
    const token = await signer.sign({ exp: Math.floor(Date.now() / 1000) - 1 });
    const whoAmI = makeFunctionReference<"query">("messages:whoAmI");
    expect(await host.http(token).query(whoAmI, {})).toMatchObject({ subject: "user-1" });
    const socket = await connectRaw(host.url);
    socket.send(authenticate(token));
    expect(await socket.next()).toMatchObject({
      type: "AuthError",
      error: "Convex token identity expired",
      authUpdateAttempted: false,
    });
    await socket.closed;
  });

  test.each([
    [
      "a mutation",
      {
        type: "Mutation",
        requestId: 0,
        udfPath: "messages:send",
        args: [{ room: "r", text: "t" }],
      },
    ],
    [
      "an action",
      { type: "Action", requestId: 0, udfPath: "probes:inAction", args: [{ name: "process" }] },
    ],
    ["a new query", { ...addWhoAmI, baseVersion: 1, newVersion: 2 }],
  ])(
    "an identity that has ended is noticed by what needs it: %s",
    { timeout: 10_000 },
    async (_name, message) => {
      const socket = await connectRaw(host.url);
      const exp = Math.floor(Date.now() / 1000) + 1;
      socket.send(authenticate(await signer.sign({ exp })));
      expect(await socket.next()).toMatchObject({ endVersion: { identity: 1 } });
      socket.send(addWhoAmI);
      expect(await socket.next()).toMatchObject({ endVersion: { querySet: 1 } });
      await new Promise((resolve) => setTimeout(resolve, exp * 1000 - Date.now() + 20));
      // A write that the subscription does not read leaves it alone.
      const send = makeFunctionReference<"mutation">("messages:send");
      await host.http().mutation(send, { room: "elsewhere", text: "x" });
      host.metrics.reset();
      socket.send(message);
      expect(await socket.next()).toMatchObject({
        type: "AuthError",
        error: "Convex token identity expired",
        baseVersion: 1,
        authUpdateAttempted: false,
      });
      await socket.closed;
      expect(host.metrics.snapshot().calls).toEqual([]);
    },
  );
});

describe("FatalError", () => {
  test("a session that is no UUID", async () => {
    const socket = await connectRaw(host.url, undefined, "s");
    expect(await socket.next()).toMatchObject({
      type: "FatalError",
      error: expect.stringMatching(/^Received Invalid JSON on websocket: /) as unknown,
    });
    await socket.closed;
  });

  test.each([
    ["a query set", { ...addWhoAmI, baseVersion: 7, newVersion: 8 }],
    ["an identity", authenticate("", 7)],
  ])("%s that builds on another version", async (_name, message) => {
    const socket = await connectRaw(host.url);
    socket.send(message);
    expect(await socket.next()).toEqual({
      type: "FatalError",
      error: "Base version 7 passed up doesn't match the current version 0",
    });
    await socket.closed;
  });
});

test("a transition lists its queries by their number, and says what time it is", async () => {
  const socket = await connectRaw(host.url);
  const add = (queryId: number, room: string): object => ({
    type: "Add",
    queryId,
    udfPath: "messages:list",
    args: [{ room }],
  });
  const modifications = [add(5, "order-5"), add(3, "order-3"), add(4, "order-4")];
  socket.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
  const first = await socket.next();
  expect((first["modifications"] as { queryId: number }[]).map(({ queryId }) => queryId)).toEqual([
    3, 4, 5,
  ]);
  expect(Math.abs((first["serverTs"] as number) / 1e6 - Date.now())).toBeLessThan(60_000);
  expect(Math.abs(first["clientClockSkew"] as number)).toBeLessThan(60_000);
  socket.close();
});

test("a write runs those subscriptions again that read what it changed", async () => {
  const socket = await connectRaw(host.url);
  const add = (queryId: number, room: string): object => ({
    type: "Add",
    queryId,
    udfPath: "messages:list",
    args: [{ room }],
  });
  const modifications = [add(0, "read"), add(1, "unread")];
  socket.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
  await socket.next();
  host.metrics.reset();
  const send = makeFunctionReference<"mutation">("messages:send");
  await host.http().mutation(send, { room: "read", text: "x" });
  expect(await socket.next()).toMatchObject({ modifications: [{ queryId: 0, value: ["x"] }] });
  const runs = host.metrics.snapshot().calls.map((call) => call.function);
  expect(runs).toEqual(["messages:send", "messages:list"]);
  socket.close();
});

test("a message that is not JSON ends the connection, not the host", async () => {
  const socket = await connectRaw(host.url);
  socket.sendText("{");
  expect(await socket.next()).toMatchObject({ type: "FatalError" });
  await socket.closed;
  expect((await fetch(`${host.url}/version`)).status).toBe(200);
});

test("other paths are no WebSockets", async () => {
  await expect(connectRaw(host.url, "/elsewhere")).rejects.toThrow();
});
