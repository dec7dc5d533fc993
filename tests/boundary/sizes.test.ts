/** Texts that are too long are refused in JavaScript: wasm keeps for ever the memory that a copy took up. */
import { beforeEach, expect, test, vi } from "vitest";
import { readSessionToken, verifyToken } from "../../js/jwt/index.js";
import { runOperation } from "../../js/wasm/core.js";
import { readSignedCookie, verifyJwt } from "../../js/wasm/jwt.js";

const entered = vi.hoisted(() => ({ calls: [] as string[] }));

// Stands in for both modules, to see whether anything crosses into them. The core asks for a row.
vi.mock("../../js/wasm/load.js", () => {
  const scan = { scan: 1, table: "t", index: null, range: { eq: [] }, order: "asc", take: 1 };
  const need = JSON.stringify({ need: { task: 1, requests: [{ scan }] } });
  const member = (name: string) => () => {
    entered.calls.push(name);
    return name === "start" ? need : null;
  };
  const glue = new Proxy({}, { get: (_glue, name: string) => member(name) });
  return { lazy: () => ({ get: () => glue, drop: () => undefined }) };
});

beforeEach(() => {
  entered.calls.length = 0;
});

const huge = "x".repeat(100 << 20);
const policy = { issuer: ["i"], audience: ["a"], algorithms: [], toleranceS: 5, nowS: 1 };
const options = { jwks: { keys: [] }, issuer: "i", audience: "a" };

test.each([
  ["a token", "JWT_MALFORMED", () => verifyJwt(huge, "{}", policy)],
  ["the token of an app", "JWT_MALFORMED", () => verifyToken(huge, options)],
  ["the key set of a token", "KEY_SET_INVALID", () => verifyJwt("a.b.c", huge, policy)],
  [
    "a `data:` URI",
    "KEY_SET_INVALID",
    () => verifyToken("a.b.c", { ...options, jwks: `data:,${huge}` }),
  ],
])("%s", (_name, code, work) => {
  expect(work).toThrow(expect.objectContaining({ code }) as Error);
  expect(entered.calls).toEqual([]);
});

test("a cookie and a bearer token are nobody's", () => {
  const secret = "secret";
  expect(readSignedCookie(huge, secret)).toBeNull();
  const cookie = new Headers({ cookie: `better-auth.session_token=${"x".repeat(1 << 20)}` });
  expect(readSessionToken(cookie, { secret })).toBeNull();
  for (const token of ["x".repeat(20_000), `${"x".repeat(20_000)}.y`]) {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    expect(readSessionToken(headers, { secret, bearer: true })).toBeNull();
  }
  expect(entered.calls).toEqual([]);
});

test("neither an operation nor a row of the database crosses", async () => {
  const text = huge.slice(0, 33 << 20);
  const limit = { code: "LIMIT_EXCEEDED" };
  const rows = async function* (): AsyncGenerator<object> {
    yield await Promise.resolve({ text });
  };
  const db = { query: () => ({ order: rows }) } as never;
  const operation = { create: { model: "user", data: { text } } };
  await expect(runOperation(db, operation)).rejects.toMatchObject(limit);
  expect(entered.calls).toEqual([]);
  await expect(runOperation(db, { count: { model: "t" } })).rejects.toMatchObject(limit);
  // The core does not keep the task.
  expect(entered.calls).toEqual(["start", "cancel"]);
});
