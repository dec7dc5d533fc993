import { ConvexReactClient } from "convex/react";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { FixtureHost, Signer } from "./support/fixture-host.js";
import { createSigner, eventually, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;
let signer: Signer;
let rooms = 0;

beforeAll(async () => {
  signer = await createSigner("ES256");
  host = await startFixture({ LOCAL_JWKS: signer.jwks });
});
afterAll(() => host.close());

const list = makeFunctionReference<"query", { room: string }, string[]>("messages:list");
const send = makeFunctionReference<"mutation", { room: string; text: string }>("messages:send");
const whoAmI = makeFunctionReference<"query", Record<string, never>, { subject: string } | null>(
  "messages:whoAmI",
);
const newRoom = (): string => `room-${String((rooms += 1))}`;

/** Subscribes and keeps every result in order. */
function watch(client: ReturnType<FixtureHost["client"]>, room: string): string[][] {
  const seen: string[][] = [];
  client.onUpdate(list, { room }, (texts) => void seen.push(texts));
  return seen;
}
const reaches = (seen: unknown[][], length: number): Promise<unknown> =>
  eventually(`a result of ${String(length)}`, () =>
    seen.at(-1)?.length === length ? true : undefined,
  );

describe("subscriptions", () => {
  test("see the writes of their own and of another client, once each", async () => {
    const [one, two, room] = [host.client(), host.client(), newRoom()];
    const [seenByOne, seenByTwo] = [watch(one, room), watch(two, room)];
    await reaches(seenByTwo, 0);
    await one.mutation(send, { room, text: "a" });
    expect(seenByOne.at(-1)).toEqual(["a"]);
    await reaches(seenByTwo, 1);
    await two.mutation(send, { room, text: "b" });
    await reaches(seenByOne, 2);
    expect(seenByOne).toEqual([[], ["a"], ["a", "b"]]);
    expect(seenByTwo).toEqual([[], ["a"], ["a", "b"]]);
  });

  test("an unchanged result is not sent again", async () => {
    const [client, quiet, busy] = [host.client(), newRoom(), newRoom()];
    const [unchanged, changed] = [watch(client, quiet), watch(client, busy)];
    await reaches(changed, 0);
    await client.mutation(send, { room: busy, text: "x" });
    await reaches(changed, 1);
    expect(unchanged).toEqual([[]]);
  });

  test.each([
    [
      "an HTTP action",
      (room: string) =>
        fetch(`${host.siteUrl}/send`, {
          method: "POST",
          body: JSON.stringify({ room, text: "x" }),
        }),
    ],
    [
      "an action",
      (room: string) =>
        host
          .http()
          .action(makeFunctionReference<"action">("messages:sendFromAction"), { room, text: "x" }),
    ],
    [
      "the scheduler",
      (room: string) =>
        host
          .http()
          .mutation(makeFunctionReference<"mutation">("messages:sendSoon"), { room, text: "x" }),
    ],
    ["an HTTP client", (room: string) => host.http().mutation(send, { room, text: "x" })],
  ])("see what %s wrote", async (_name, write) => {
    const room = newRoom();
    const seen = watch(host.client(), room);
    await reaches(seen, 0);
    await write(room);
    await reaches(seen, 1);
  });

  test("survive a lost connection and miss nothing", async () => {
    const [client, room] = [host.client(), newRoom()];
    const seen = watch(client, room);
    await reaches(seen, 0);
    host.dropConnections();
    await host.http().mutation(send, { room, text: "meanwhile" });
    await reaches(seen, 1);
    await client.mutation(send, { room, text: "after" });
    await reaches(seen, 2);
  });

  test("ConvexReactClient is served too", async () => {
    const room = newRoom();
    // The types of ws and the DOM differ in members that the client does not use.
    const webSocketConstructor = WebSocket as unknown as typeof globalThis.WebSocket;
    const client = new ConvexReactClient(host.url, { webSocketConstructor, logger: false });
    const watched = client.watchQuery(list, { room });
    const stop = watched.onUpdate(() => undefined);
    await client.mutation(send, { room, text: "from react" });
    expect(watched.localQueryResult()).toEqual(["from react"]);
    stop();
    await client.close();
  });

  test("a failing query reaches its error handler", async () => {
    const client = host.client();
    const failed = new Promise<Error>((resolve) => {
      client.onUpdate(
        makeFunctionReference<"query">("messages:nothing"),
        {},
        () => undefined,
        resolve,
      );
    });
    expect((await failed).message).toMatch(/Could not find public function/);
  });
});

describe("calls", () => {
  test("an action gives its result, a mutation its error's data", async () => {
    const [client, room] = [host.client(), newRoom()];
    const action = makeFunctionReference<"action">("messages:sendFromAction");
    expect(await client.action(action, { room, text: "x" })).toEqual(["x"]);
    const failing = makeFunctionReference<"mutation">("messages:sendAndFail");
    const failure = await client.mutation(failing, { room }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConvexError);
    expect((failure as ConvexError<never>).data).toEqual({ code: "REFUSED", at: 7n });
  });
});

describe("authentication", () => {
  test("queries see the identity, and its end", async () => {
    const client = host.client();
    const subjects: (string | null)[] = [];
    const states: boolean[] = [];
    client.onUpdate(whoAmI, {}, (identity) => void subjects.push(identity?.subject ?? null));
    await eventually("an anonymous result", () => (subjects.at(-1) === null ? true : undefined));
    client.setAuth(
      async () => await signer.sign({ sub: "ada" }),
      (state) => void states.push(state),
    );
    await eventually("an authenticated result", () =>
      subjects.at(-1) === "ada" ? true : undefined,
    );
    await eventually("the state", () => (states.at(-1) === true ? true : undefined));
    await eventually("an anonymous result again", () => {
      // Convex's client asks for a second token right after the first. A clearAuth that falls into that pause is undone when the token arrives, so it is said again.
      client.client.clearAuth();
      return subjects.at(-1) === null ? true : undefined;
    });
    expect(subjects.slice(0, 2)).toEqual([null, "ada"]);
    expect(new Set(states)).toEqual(new Set([true]));
  });

  test("the identity is there again after a lost connection", async () => {
    const client = host.client();
    const subjects: (string | null)[] = [];
    client.onUpdate(whoAmI, {}, (identity) => void subjects.push(identity?.subject ?? null));
    client.setAuth(async () => await signer.sign({ sub: "ada" }));
    await eventually("an authenticated result", () =>
      subjects.at(-1) === "ada" ? true : undefined,
    );
    host.dropConnections();
    const room = newRoom();
    await client.mutation(send, { room, text: "as ada" });
    expect(await client.query(whoAmI, {})).toMatchObject({ subject: "ada" });
  });

  test("a token that is refused twice ends unauthenticated", async () => {
    const client = host.client();
    const forced: boolean[] = [];
    const state = new Promise<boolean>((resolve) => {
      client.setAuth(async ({ forceRefreshToken }) => {
        forced.push(forceRefreshToken);
        return await signer.sign({ iss: "https://else.example.com" });
      }, resolve);
    });
    expect(await state).toBe(false);
    expect(forced[0]).toBe(false);
    expect(forced.slice(1).every(Boolean)).toBe(true);
    expect(await client.query(whoAmI, {})).toBeNull();
  });

  test("a refused token is replaced by a good one", async () => {
    const client = host.client();
    const state = new Promise<boolean>((resolve) => {
      client.setAuth(
        async ({ forceRefreshToken }) =>
          await signer.sign({
            sub: forceRefreshToken ? "good" : "bad",
            ...(forceRefreshToken ? {} : { aud: "else" }),
          }),
        resolve,
      );
    });
    expect(await state).toBe(true);
    expect(await client.query(whoAmI, {})).toMatchObject({ subject: "good" });
  });
});
