/** The component's rules for keys, which the in-memory double of the plugin's tests has to obey as well. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tokenStoreOf } from "../../js/adapter/index.js";
import type { StoredKey, TokenStore } from "../../js/adapter/token-store.js";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createInMemoryTokenStore } from "../plugins/support/in-memory-token-store.js";
import { createComponentHarness } from "../support/component-harness.js";

const DAY = 86_400_000;
const START = 1_800_000_000_000;

const key = (id: string, createdAt: number): StoredKey => ({
  id,
  alg: "ES256",
  publicKey: "{}",
  privateKey: "sealed",
  createdAt,
});

const ends = (keys: readonly StoredKey[]): unknown[] =>
  keys.map(({ id, retiredAt }) => [id, retiredAt ?? null]);

function componentStore(harness = createComponentHarness()): TokenStore {
  return tokenStoreOf(createConvexGateAdapter({ store: harness.store() })({}));
}

describe.each([
  ["the component", () => componentStore()],
  ["the in-memory double", () => createInMemoryTokenStore({})],
])("%s", (_name, create) => {
  it("adds a key to what the caller saw, and only once", async () => {
    const store = create();
    await store.addKey(key("a", 1), null);
    expect(ends(await store.addKey(key("b", 2), null))).toEqual([["a", null]]);
    expect(ends(await store.addKey(key("a", 2), "a"))).toEqual([["a", null]]);
    expect(ends(await store.addKey(key("b", 2), "a"))).toEqual([
      ["b", null],
      ["a", null],
    ]);
  });

  it("keeps the earlier of two ends", async () => {
    const store = create();
    await store.addKey(key("a", 1), null);
    const seen: unknown[] = [];
    for (const at of [50, 60, 40, 0, 50]) seen.push((await store.retireKey("a", at))[0]?.retiredAt);
    expect(seen).toEqual([50, 50, 40, 0, 0]);
  });

  it("gives the others their end with a new key, if that is added", async () => {
    const store = create();
    await store.addKey(key("a", 1), null, 10);
    await store.addKey(key("b", 2), "a", 20);
    const late = await store.addKey(key("c", 3), "a", 0);
    expect(ends(late)).toEqual([
      ["b", null],
      ["a", 20],
    ]);
    expect(ends(await store.addKey(key("c", 3), "b", 0))).toEqual([
      ["c", null],
      ["b", 0],
      ["a", 0],
    ]);
  });
});

describe("retired keys", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
  afterEach(() => void vi.useRealTimers());

  it("go with a new key, two days after their end", async () => {
    const store = componentStore();
    await store.addKey(key("a", 1), null);
    await store.addKey(key("b", 2), "a", START);
    vi.setSystemTime(START + 2 * DAY);
    expect(ends(await store.addKey(key("c", 3), "b", Date.now()))).toHaveLength(3);
    vi.setSystemTime(START + 2 * DAY + 1);
    expect(ends(await store.addKey(key("d", 4), "c", Date.now()))).toEqual([
      ["d", null],
      ["c", START + 2 * DAY + 1],
      ["b", START + 2 * DAY],
    ]);
  });
});
