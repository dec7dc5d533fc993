/** Apps without a page: a deep link for our own client, and Better Auth's Expo client beside `convexClient()`. */
import { expo } from "@better-auth/expo";
import { expoClient } from "@better-auth/expo/client";
import { createAuthClient } from "better-auth/client";
import { runInContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { convexClient } from "../../js/client/plugins/index.js";
import { asPlugin } from "../matrix/support/as-plugin.js";
import { createBrowser } from "../plugins/support/app.js";
import {
  API,
  callbackOf,
  mails,
  twoOriginApp,
  withGithub,
} from "../plugins/two-origins/support.js";
import { setBrowser } from "./support/expo/expo-web-browser.js";
import { bundleNativeApp } from "./support/native/device.js";
import { nativeGlobals } from "./support/native/globals.js";
import type * as TwoOrigins from "./support/native/two-origins.js";

const NAVIGATION = {
  accept: "text/html",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
};

function memoryStorage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    getItemAsync: async (key: string) => items.get(key) ?? null,
    setItemAsync: async (key: string, value: string) => void items.set(key, value),
  };
}

/** `fetch` of React Native: no origin, no cookies of its own. */
function nativeFetch(handler: (request: Request) => Promise<Response>): typeof fetch {
  return (input, init) => handler(new Request(input, init));
}

/** Follows an address in the system's browser to where it leaves the web. */
async function toDeepLink(
  handler: (request: Request) => Promise<Response>,
  address: string,
): Promise<string> {
  const browser = createBrowser(handler);
  let url = new URL(address);
  for (let step = 0; step < 10 && url.protocol !== "myapp:"; step += 1) {
    if (url.host === "github.com") url = callbackOf(url);
    const response = await browser.request(url.pathname.replace("/api/auth", "") + url.search, {
      headers: NAVIGATION,
    });
    url = new URL(response.headers.get("location") ?? "", url);
  }
  return url.href;
}

const trusting = { advanced: { disableOriginCheck: false }, trustedOrigins: ["myapp://"] };

describe("crossDomainClient() in React Native", () => {
  let code: string;
  beforeAll(async () => {
    code = await bundleNativeApp("two-origins.ts");
  });

  /** The client, with the globals of a device and no others. */
  function nativeClient() {
    const { auth } = twoOriginApp({ options: trusting });
    const context = nativeGlobals({
      timers: { setTimeout, clearTimeout },
      fetch: nativeFetch(auth.handler),
    });
    const native = runInContext(`${code}; native`, context) as typeof TwoOrigins;
    return { handler: auth.handler, client: native.start(API, memoryStorage()) };
  }

  it("social: sign-in, deep link, token", async () => {
    const { handler, client } = nativeClient();
    const { data } = await client.signIn.social({
      provider: "github",
      callbackURL: "myapp://inside",
    });
    await withGithub(async () => {
      const link = await toDeepLink(handler, data?.url ?? "");
      expect(link).toMatch(/^myapp:\/\/inside\?auth_ticket=[\w-]+$/);
      expect(await client.crossDomain.open(link)).toEqual({ url: "myapp://inside", error: null });
    });
    expect((await client.getSession()).data?.user.email).toBe("g@example.com");
    expect((await client.convex.token()).data?.token).toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
    expect((await client.signOut()).error).toBeNull();
  });

  it("magic link, and a failure", async () => {
    const { handler, client } = nativeClient();
    await client.$fetch("/sign-in/magic-link", {
      method: "POST",
      body: { email: "m@example.com", callbackURL: "myapp://inside" },
    });
    const link = await toDeepLink(handler, mails.at(-1) ?? "");
    await client.crossDomain.open(link);
    expect((await client.getSession()).data?.user.email).toBe("m@example.com");
    expect(await client.crossDomain.open(link)).toMatchObject({
      error: { code: "INVALID_TICKET" },
    });
    expect((await client.getSession()).data?.user.email).toBe("m@example.com");
  });
});

describe("@better-auth/expo/client beside convexClient()", () => {
  it("sign-in, deep link, token: nothing of it is parked", async () => {
    const { auth } = twoOriginApp({ plugins: [asPlugin(expo())], options: trusting });
    const seen: string[] = [];
    setBrowser(async (url) => {
      const link = await toDeepLink(auth.handler, url);
      seen.push(link);
      return { type: "success", url: link };
    });
    const client = createAuthClient({
      baseURL: API,
      fetchOptions: { customFetchImpl: nativeFetch(auth.handler) },
      plugins: [expoClient({ scheme: "myapp", storage: memoryStorage() }), convexClient()],
    });
    await withGithub(async () => {
      await client.signIn.social({ provider: "github", callbackURL: "/inside" });
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^myapp:\/\/\/inside\?cookie=/);
    expect(seen[0]).not.toContain("auth_ticket");
    expect((await client.getSession()).data?.user.email).toBe("g@example.com");
    expect((await client.convex.token()).data?.token).toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
  });
});
