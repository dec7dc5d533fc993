/** Asking who is signed in: what it costs, what it may read, and what an identity may be. */
import { build } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createSessionClient } from "../../js/session/index.js";
import type { GenericReadCtx } from "../../js/session/index.js";

const component = { gate: { sessionUser: "sessionUser" } } as unknown as ComponentApi;
const client = createSessionClient(component);
const row = { session: { id: "s1", token: "t", userId: "u1" }, user: { id: "u1", name: "Ada" } };

/** A ctx whose identity is whatever a token of some issuer made it. */
function ctxOf(identity: unknown) {
  const runQuery = vi.fn(async (_reference: unknown, _args: unknown): Promise<unknown> => row);
  const getUserIdentity = async (): Promise<unknown> => {
    if (identity instanceof Error) throw identity;
    return identity;
  };
  return { runQuery, ctx: { auth: { getUserIdentity }, runQuery } as unknown as GenericReadCtx };
}

afterEach(() => vi.unstubAllGlobals());

describe("the hot path", () => {
  it("is one component query with the two ids of the token", async () => {
    const { ctx, runQuery } = ctxOf({ subject: "u1", sessionId: "s1", issuer: "i" });
    expect(await client.getAuthUser(ctx)).toMatchObject({ name: "Ada", image: null });
    expect(await client.safeGetAuthUser(ctx)).toMatchObject({ name: "Ada" });
    expect(runQuery.mock.calls).toEqual([
      ["sessionUser", { sessionId: "s1", userId: "u1" }],
      ["sessionUser", { sessionId: "s1", userId: "u1" }],
    ]);
  });

  it("reads no clock, so Convex can cache what asks for it", async () => {
    const reads: string[] = [];
    const recording = new Proxy(Date, {
      construct: (target, args) => {
        if (args.length === 0) reads.push("new Date()");
        return Reflect.construct(target, args) as Date;
      },
      apply: () => {
        reads.push("Date()");
        return "";
      },
      get: (target, key) => {
        if (key === "now") reads.push("Date.now");
        return Reflect.get(target, key) as unknown;
      },
    });
    vi.stubGlobal("Date", recording);
    vi.stubGlobal("performance", { now: () => reads.push("performance.now") });
    const { ctx } = ctxOf({ subject: "u1", sessionId: "s1" });
    await client.getAuthUser(ctx);
    await client.safeGetAuthUser(ctxOf(null).ctx);
    await client.getAuthUser(ctxOf(null).ctx).catch(() => undefined);
    expect(reads).toEqual([]);
    // The recorder records.
    void [new Date(), Date.now()];
    expect(reads).toEqual(["new Date()", "Date.now"]);
  });

  it.each([
    ["none", null],
    ["none, undefined", undefined],
    ["one of the dashboard, without a session", { subject: "u1", tokenIdentifier: "x|u1" }],
    ["a session id that is a number", { subject: "u1", sessionId: 5 }],
    ["a session id that is a list", { subject: "u1", sessionId: ["s1"] }],
    ["an empty session id", { subject: "u1", sessionId: "" }],
    ["a null session id", { subject: "u1", sessionId: null }],
    ["no subject", { sessionId: "s1" }],
    ["an empty subject", { subject: "", sessionId: "s1" }],
    ["a subject that is an object", { subject: { id: "u1" }, sessionId: "s1" }],
    ["a text", "u1"],
    ["one that Convex refuses to read", new Error("Could not parse JWT")],
  ])(
    "an identity that is %s is nobody, and asks the component nothing",
    async (_name, identity) => {
      const { ctx, runQuery } = ctxOf(identity);
      expect(await client.safeGetAuthUser(ctx)).toBeNull();
      await expect(client.getAuthUser(ctx)).rejects.toMatchObject({
        data: { code: "UNAUTHENTICATED" },
      });
      expect(runQuery).not.toHaveBeenCalled();
    },
  );

  it("imports nothing of Better Auth", async () => {
    const { metafile } = await build({
      entryPoints: ["js/session/index.ts"],
      bundle: true,
      write: false,
      metafile: true,
      packages: "external",
      format: "esm",
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    const packages = imports.filter(({ external }) => external).map(({ path }) => path);
    expect(new Set(packages)).toEqual(new Set(["convex/values"]));
    expect(Object.keys(metafile.inputs).length).toBeLessThan(15);
  });
});
