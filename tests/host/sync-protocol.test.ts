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
    ["a new query", addWhoAmI],
  ])(
    "an expired identity: not as an attempted update, when %s needs it",
    async (_name, message) => {
      const socket = await connectRaw(host.url);
      // Inside the leeway for new tokens, but over for what runs with it.
      socket.send(authenticate(await signer.sign({ exp: Math.floor(Date.now() / 1000) - 1 })));
      expect(await socket.next()).toMatchObject({
        type: "Transition",
        endVersion: { identity: 1 },
      });
      host.metrics.reset();
      socket.send(message);
      expect(await socket.next()).toMatchObject({
        type: "AuthError",
        baseVersion: 1,
        authUpdateAttempted: false,
      });
      await socket.closed;
      expect(host.metrics.snapshot().calls).toEqual([]);
    },
  );
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
