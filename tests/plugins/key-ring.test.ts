import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredKey } from "../../js/adapter/token-store.js";
import {
  acceptedFrom,
  newestKeyId,
  planKeyRing,
  publishedKeys,
} from "../../js/plugins/convex/key-ring.js";

const policy = {
  alg: "RS256",
  setLifeMs: 10,
  publishLeadMs: 100,
  tokenLifeMs: 1000,
  rotateEveryMs: 5000,
} as const;

function key(id: string, createdAt: number, rest: Partial<StoredKey> = {}): StoredKey {
  return { id, alg: "RS256", publicKey: "{}", privateKey: "", createdAt, ...rest };
}

function state(keys: StoredKey[], now: number) {
  const ring = planKeyRing(keys, policy, now);
  const ids = (list: readonly StoredKey[]) => list.map(({ id }) => id);
  return [ring.current?.id ?? null, ids(ring.next), ids(ring.retiring), ring.keyDue];
}

describe("planKeyRing", () => {
  it("an empty ring needs a key, and the first signs at once", () => {
    expect(state([], 0)).toEqual([null, [], [], true]);
    expect(state([key("a", 0)], 0)).toEqual(["a", [], [], false]);
  });

  it("a new key waits, signs, and the old one retires and goes", () => {
    const keys = [key("b", 5000), key("a", 0)];
    expect(state(keys.slice(1), 5000)).toEqual(["a", [], [], true]);
    expect(state(keys, 5099)).toEqual(["a", ["b"], [], false]);
    expect(state(keys, 5100)).toEqual(["b", [], ["a"], false]);
    expect(state(keys, 6099)).toEqual(["b", [], ["a"], false]);
    expect(state(keys, 6100)).toEqual(["b", [], [], false]);
  });

  it("retirement ends signing at once; the key stays public as long as its tokens live", () => {
    const keys = [key("b", 200, { retiredAt: 300 }), key("a", 0)];
    expect(state(keys, 299)[0]).toBe("a");
    expect(state([key("a", 0, { retiredAt: 300 })], 300)).toEqual([null, [], ["a"], true]);
    expect(state([key("a", 0, { retiredAt: 300 })], 1300)).toEqual([null, [], [], true]);
    expect(state([key("a", 0, { retiredAt: 0 })], 1000)).toEqual([null, [], [], true]);
  });

  it("keys of another algorithm neither sign nor count", () => {
    expect(state([key("e", 0, { alg: "ES256" })], 10)).toEqual([null, [], [], true]);
    expect(newestKeyId([key("e", 5, { alg: "ES256" }), key("a", 0)])).toBe("e");
    expect(newestKeyId([key("a", 0, { retiredAt: 9 })])).toBeNull();
  });

  it("property: whatever the keys, a key that signed within a token's life is public, none twice", () => {
    const keys = fc.array(
      fc.record({
        createdAt: fc.nat(4000),
        retiredAt: fc.option(fc.nat(4000), { nil: null }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(keys, fc.nat(6000), fc.nat(999), (rows, now, age) => {
        const all = rows.map((row, i) =>
          key(`k${i}`, row.createdAt, {
            retiredAt: row.retiredAt === null ? null : row.createdAt + row.retiredAt,
          }),
        );
        // What was known at an earlier moment: keys made by then.
        const then = Math.max(0, now - age);
        const known = all.filter(({ createdAt }) => createdAt <= then);
        const signed = planKeyRing(known, policy, then).current;
        const present = all.filter(({ createdAt }) => createdAt <= now);
        const published = publishedKeys(planKeyRing(present, policy, now)).map(({ id }) => id);
        expect(new Set(published).size).toBe(published.length);
        if (signed) expect(published).toContain(signed.id);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("acceptedFrom", () => {
  const first = key("a", 1000);
  it.each([
    ["the first key of a deployment", first, [first], 1000],
    ["one that had to follow another at once", key("b", 1500), [key("b", 1500), first], 1510],
    [
      "one whose predecessor was withdrawn",
      key("b", 1500),
      [key("b", 1500), key("a", 1000, { retiredAt: 0 })],
      1510,
    ],
    [
      "one after a key of another algorithm",
      key("b", 1500),
      [key("a", 1000, { alg: "ES256" })],
      1510,
    ],
    ["one that has a successor", first, [key("b", 1500), first], 1000],
  ])("%s", (_name, signs, keys, from) => {
    expect(acceptedFrom(signs, keys, policy)).toBe(from);
  });
});
