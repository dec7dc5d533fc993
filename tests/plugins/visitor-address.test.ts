/** Whom a request comes from, where the app's own server passes it on: the signed header, from that server to the counter. */
import { httpRouter } from "convex/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createClient } from "../../js/server/index.js";
import type { RouteOptions } from "../../js/server/index.js";
import { createAuthServer } from "../../js/ssr/index.js";
import { clientIpSigner, readClientIp } from "../../js/utils/client-ip-header.js";
import { CLIENT_IP_HEADER, signClientIp } from "../../js/utils/index.js";
import { createComponentApp } from "../support/component-app.js";
import { PASSWORD, SITE } from "./support/app.js";

const SECRET = "what-the-server-and-the-deployment-share";
const OTHER = "what-some-other-deployment-may-have-shared";
const PATH = "/sign-in/email";
const MAX = 3;
const VISITOR = "203.0.113.5";
/** What Convex knows of the request: the address of the app's server. */
const SERVER = "198.51.100.1";
const MINUTE = 60_000;

const now = Date.now();
const sign = async (ip: string, secret = SECRET, at = now) =>
  (await clientIpSigner(secret)(ip, at)) ?? "";

describe("the header", () => {
  it.each([
    ["203.0.113.5", "203.0.113.5"],
    ["203.0.113.5:4711", "203.0.113.5"],
    ["2001:db8::1", "2001:db8::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["::ffff:203.0.113.5", "::ffff:203.0.113.5"],
  ])("carries %s", async (ip, read) => {
    const value = await sign(ip);
    expect(value).not.toContain(SECRET);
    expect(await readClientIp(value, SECRET, now)).toBe(read);
    expect(await readClientIp((await signClientIp(ip, SECRET)) ?? "", SECRET)).toBe(read);
  });

  it.each(["", "nobody", "203.0.113.5, 10.0.0.1", "a".repeat(500)])(
    "carries no address that is none: %j",
    async (ip) => expect(await signClientIp(ip, SECRET)).toBeUndefined(),
  );

  it.each<[string, number, boolean]>([
    ["at once", 0, true],
    ["from a server whose clock is four minutes behind", -4 * MINUTE, true],
    ["from a server whose clock is four minutes ahead", 4 * MINUTE, true],
    ["six minutes old", -6 * MINUTE, false],
    ["from six minutes in the future", 6 * MINUTE, false],
  ])("is believed or not: %s", async (_, offset, holds) => {
    const value = await sign(VISITOR, SECRET, now + offset);
    expect(await readClientIp(value, SECRET, now)).toBe(holds ? VISITOR : null);
  });

  it("is one of this secret and this purpose", async () => {
    const value = await sign(VISITOR);
    expect(await readClientIp(value, OTHER, now)).toBeNull();
    const { createHmac } = await import("node:crypto");
    const signed = `${VISITOR}.${String(now)}`;
    const plain = createHmac("sha256", SECRET).update(signed).digest("hex");
    expect(await readClientIp(`${signed}.${plain}`, SECRET, now)).toBeNull();
  });

  it("holds with no character changed, left out or added", async () => {
    const value = await sign(VISITOR);
    for (let index = 0; index < value.length; index += 1) {
      const other = value[index] === "1" ? "2" : "1";
      const changed = [
        value.slice(0, index) + other + value.slice(index + 1),
        value.slice(0, index) + value.slice(index + 1),
        `${value.slice(0, index)}1${value.slice(index)}`,
      ].filter((each) => each !== value);
      for (const each of changed) expect(await readClientIp(each, SECRET, now)).toBeNull();
    }
  });
});

const limited = {
  enabled: true,
  // An hour: however slow the machine, all requests of a test are in one window.
  customRules: { [PATH]: { window: 3600, max: MAX }, "/sign-up/email": false as const },
};

/** The mounted routes over a real Better Auth, as what answers the app's server. */
async function deployment(options: RouteOptions = { trustedProxy: { secret: SECRET } }) {
  const app = createComponentApp({ options: { rateLimit: limited } });
  await app.browser().signUp("ada@example.com");
  const http = httpRouter();
  createClient({} as ComponentApi).registerRoutes(http, () => app.auth(), options);
  type Route = { _handler: (ctx: object, request: Request) => Promise<Response> };
  const ctx = { meta: { getRequestMetadata: () => Promise.resolve({ ip: SERVER }) } };
  const answer: typeof fetch = (input, init) => {
    const request = new Request(input as string, init);
    const route = http.lookup(new URL(request.url).pathname, "POST")?.[0] as unknown as Route;
    return route._handler(ctx, request);
  };
  return {
    answer,
    counters: async () =>
      Object.fromEntries(
        (await app.rows("rateLimit")).map(({ key, count }) => [String(key).split("|")[0], count]),
      ),
  };
}
type Deployment = Awaited<ReturnType<typeof deployment>>;

const signIn = (headers: Record<string, string>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ email: "ada@example.com", password: PASSWORD }),
});
/** Past the app's server, straight to the deployment. */
const direct = ({ answer }: Deployment, header: string | null) =>
  answer(`${SITE}/api/auth${PATH}`, signIn(header === null ? {} : { [CLIENT_IP_HEADER]: header }));
/** Through the app's server, which runs the core. */
function through({ answer }: Deployment, ip: string | null, headers = {}, secret?: string) {
  const server = createAuthServer({
    convexUrl: "https://happy-animal-1.convex.cloud",
    convexSiteUrl: SITE,
    siteUrl: "https://app.example.com",
    fetch: answer,
    proxy: { secret },
  });
  const request = new Request(`https://app.example.com/api/auth${PATH}`, signIn(headers));
  return server.handler(request, { clientIp: ip });
}

describe("the deployment counts", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("each visitor by himself, behind one server", async () => {
    const app = await deployment();
    for (let turn = 0; turn < MAX; turn += 1)
      expect((await through(app, VISITOR, {}, SECRET)).status).toBe(200);
    expect((await through(app, VISITOR, {}, SECRET)).status).toBe(429);
    expect((await through(app, "203.0.113.6", {}, SECRET)).status).toBe(200);
    expect((await through(app, "2001:db8::1", {}, SECRET)).status).toBe(200);
    const counters = await app.counters();
    // Better Auth (1.7) counts IPv6 visitors by their /64.
    expect(Object.keys(counters)).toHaveLength(3);
    expect(counters).toMatchObject({ [VISITOR]: MAX, "203.0.113.6": 1 });
  });

  it("by PROXY_SECRET alone, where both sides have it", async () => {
    vi.stubEnv("PROXY_SECRET", SECRET);
    const app = await deployment({});
    expect((await through(app, VISITOR)).status).toBe(200);
    expect(await app.counters()).toEqual({ [VISITOR]: 1 });
  });

  it("the routes' own secret before PROXY_SECRET", async () => {
    vi.stubEnv("PROXY_SECRET", OTHER);
    const app = await deployment();
    await through(app, VISITOR, {}, SECRET);
    await through(app, "203.0.113.6", {}, OTHER);
    expect(await app.counters()).toEqual({ [VISITOR]: 1, [SERVER]: 1 });
  });

  it("a header that a visitor wrote for nothing: the server drops it", async () => {
    const app = await deployment();
    const forged = { [CLIENT_IP_HEADER]: await sign("192.0.2.1"), "x-forwarded-for": "192.0.2.1" };
    await through(app, VISITOR, forged, SECRET);
    await through(app, null, forged, SECRET);
    expect(await app.counters()).toEqual({ [VISITOR]: 1, [SERVER]: 1 });
  });

  it.each<[string, () => Promise<string | null>]>([
    ["is missing", () => Promise.resolve(null)],
    ["is forged", () => Promise.resolve(`192.0.2.1.${String(now)}.${"0".repeat(64)}`)],
    ["is no such header", () => Promise.resolve("192.0.2.1")],
    ["is the secret itself, as it was sent once", () => Promise.resolve(SECRET)],
    ["has another address", async () => (await sign(VISITOR)).replace(VISITOR, "192.0.2.1")],
    ["has another time", async () => (await sign(VISITOR)).replace(String(now), String(now + 1))],
    ["is stale", () => sign("192.0.2.1", SECRET, Date.now() - 6 * MINUTE)],
    ["is of another secret", () => sign("192.0.2.1", OTHER)],
  ])("by the connection where the header %s", async (_, header) => {
    const app = await deployment();
    for (let turn = 0; turn < MAX; turn += 1) await direct(app, await header());
    expect((await direct(app, await header())).status).toBe(429);
    expect(await app.counters()).toEqual({ [SERVER]: MAX });
  });

  it("by the connection where no proxy is trusted", async () => {
    const app = await deployment({});
    await direct(app, await sign(VISITOR));
    expect(await app.counters()).toEqual({ [SERVER]: 1 });
  });
});

describe("a secret that is none", () => {
  beforeEach(() => void vi.spyOn(console, "error").mockReturnValue());
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it.each([undefined, "", "short"])("of the routes is refused at once: %j", async (secret) => {
    await expect(deployment({ trustedProxy: { secret } })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });

  it("of the deployment is told to whoever asks, and does not stop the app from loading", async () => {
    vi.stubEnv("PROXY_SECRET", "short");
    const answer = await direct(await deployment({}), null);
    const body = await answer.text();
    expect(answer.status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ code: "INVALID_OPTION" });
    expect(body).toContain("npx convex env set PROXY_SECRET");
  });
});
