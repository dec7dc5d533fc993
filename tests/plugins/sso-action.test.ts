/** The two halves of single sign-on where something is wrong, and what Convex would drop. */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ssoInNode } from "../../js/plugins/index.js";
import type { SsoAnswer, SsoRequest } from "../../js/plugins/index.js";
import { ssoAction } from "../../js/server/index.js";
import type { AuthInstance } from "../../js/server/index.js";
import { createComponentApp } from "../support/component-app.js";
import type { ComponentAppOptions } from "../support/component-app.js";
import { SITE } from "./support/app.js";

const asked: SsoRequest = {
  url: `${SITE}/api/auth/sso/late`,
  method: "GET",
  headers: [],
  body: null,
  page: null,
};

// Each refusal is told in the log as well.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

async function ask(createAuth: () => AuthInstance, request = asked): Promise<Response> {
  const action = ssoAction(createAuth) as unknown as {
    _handler(ctx: object, request: SsoRequest): Promise<SsoAnswer>;
  };
  const { status, headers, body } = await action._handler({}, request);
  return new Response(body, { status, headers: headers as [string, string][] });
}

/** What an endpoint of the test's is given. */
interface Ctx {
  context: Pick<AuthContext, "runInBackground">;
  setCookie(name: string, value: string): unknown;
}

/** Stands for `sso()`, with an endpoint of the test's. */
const plugin = (handler: (ctx: Ctx) => Promise<unknown>): BetterAuthPlugin => ({
  id: "sso",
  endpoints: { late: createAuthEndpoint("/sso/late", { method: "GET" }, handler) },
});
const instance = (options: ComponentAppOptions): AuthInstance =>
  createComponentApp(options).auth() as unknown as AuthInstance;

describe("ssoAction()", () => {
  it("waits for what a request began and did not wait for", async () => {
    let isDone = false;
    const late = plugin(async ({ context }) => {
      const work = new Promise((resolve) => setTimeout(resolve, 50));
      context.runInBackground(work.then(() => void (isDone = true)));
      return "begun";
    });
    const answer = await ask(() => instance({ plugins: [late] }));
    expect([answer.status, isDone]).toEqual([200, true]);
  });

  it("leaves counting to the routes", async () => {
    const options = { rateLimit: { enabled: true, window: 3600, max: 1 } };
    const app = createComponentApp({ plugins: [plugin(async () => "here")], options });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index += 1)
      statuses.push((await ask(() => app.auth() as unknown as AuthInstance)).status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(await app.rows("rateLimit")).toEqual([]);
  });

  it("gives every cookie, and no body where there is none", async () => {
    const leaving = plugin(async (ctx) => {
      ctx.setCookie("one", "1");
      ctx.setCookie("two", "2");
      throw new APIError("FOUND", undefined, { Location: "/done" });
    });
    const answer = await ask(() => instance({ plugins: [leaving] }));
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/done"]);
    expect(answer.headers.getSetCookie()).toHaveLength(2);
  });

  it.each([
    ["has what stands for sso()", () => [ssoInNode({} as never, {} as never)]],
    ["has no sso() at all", () => []],
  ])("refuses an instance that %s", async (_, plugins) => {
    const answer = await ask(() => instance({ plugins: plugins() as BetterAuthPlugin[] }));
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("createAuth(ctx, sso())") as string,
    });
  });

  it("says what is wrong with an instance that cannot be made", async () => {
    const answer = await ask(() => {
      throw new Error("no secrets in here");
    });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "SETUP_FAILED" });
  });
});

it("what stands for sso() says where its functions run", async () => {
  const stand = ssoInNode({} as never, {} as never);
  const { api } = instance({ plugins: [stand as BetterAuthPlugin] }) as unknown as {
    api: Record<string, (input: object) => Promise<unknown>>;
  };
  await expect(api["listSSOProviders"]?.({ headers: {} })).rejects.toMatchObject({
    code: "WRONG_CONTEXT",
  });
});
