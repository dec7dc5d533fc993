/**
 * `@better-auth/sso` as docs/plugins/sso.md has it, word for word: bundled by the Convex CLI, pushed to the local host and
 * asked over HTTP, on two origins and on one, with a real OpenID provider.
 */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SSOOptions } from "@better-auth/sso";
import { sso } from "@better-auth/sso";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ssoInNode } from "../../js/plugins/index.js";
import type { SsoInNodeOptions } from "../../js/plugins/index.js";
import { signClientIp } from "../../js/utils/index.js";
import { filesOf } from "../docs/support/app.js";
import { repository } from "../docs/support/blocks.js";
import type { Host, PushRequest } from "../host/index.js";
import { bundleApp, startHost } from "../host/index.js";
import type { OpenIdProvider } from "../matrix/support/openid-provider.js";
import { openOpenIdProvider } from "../matrix/support/openid-provider.js";
import { asBrowser, sendAsIs } from "../matrix/support/send.js";
import { openTab } from "../support/tab.js";
import type { Tab } from "../support/tab.js";
import { PASSWORD } from "./support/app.js";
import { createSamlIdentityProvider } from "./support/saml-identity-provider.js";

const PAGE = "docs/plugins/sso.md";
const FRONTEND = "http://localhost:5173";
const PROXY_SECRET = "a-secret-of-the-proxy-with-enough-length-0001";
const LOGOUT = "{ enableSingleLogout: true }";
const client = { id: "sso", secret: "the secret of the sso client" };

/** Bundles the page's app, with its files as `change` leaves them. */
async function bundled(
  name: string,
  sections: string[],
  change: (text: string, file: string) => string = (text) => text,
): Promise<PushRequest> {
  const folder = join(repository, "tests/output", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const manifest = { name, type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  for (const [file, text] of filesOf(PAGE, sections)) {
    if (!file.startsWith("convex/")) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), change(text, file));
  }
  const generated = join(repository, "examples/react/convex/_generated");
  await cp(generated, join(folder, "convex/_generated"), { recursive: true });
  return bundleApp(folder);
}

/** Takes words out of a file, or puts others there. */
function replaced(text: string, words: string, by = ""): string {
  expect(text).toContain(words);
  return text.replace(words, by);
}

interface World {
  readonly host: Host;
  readonly provider: OpenIdProvider;
  readonly api: string;
  readonly lines: string[];
  close(): Promise<void>;
}

async function open(pushRequest: PushRequest, frontend?: string): Promise<World> {
  const lines: string[] = [];
  const host = await startHost({
    pushRequest,
    edge: true,
    log: (line) => lines.push(line),
    env: ({ siteUrl }) => ({
      BETTER_AUTH_SECRET: "a-secret-of-the-tests-with-enough-length-0001",
      SITE_URL: frontend ?? siteUrl,
      PROXY_SECRET,
    }),
  });
  const api = `${host.siteUrl}/api/auth`;
  const provider = await openOpenIdProvider([
    { ...client, redirectUris: [`${api}/sso/callback/acme`, `${api}/callback/loopback`] },
  ]);
  // Providers of the loopback interface are refused unless they are trusted.
  await host.setEnv({
    BETTER_AUTH_TRUSTED_ORIGINS: provider.issuer,
    SSO_ISSUER: provider.issuer,
  });
  return {
    host,
    provider,
    api,
    lines,
    async close() {
      await provider.close();
      await host.close();
    },
  };
}

let address = 0;
/** One more visitor, with an address that nobody had before. */
function send(from = `192.0.2.${String((address += 1))}`) {
  return asBrowser((request) => {
    request.headers.set("x-forwarded-for", from);
    return sendAsIs(request);
  });
}

const registration = ({ provider }: World, more: object = {}) => ({
  providerId: "acme",
  issuer: provider.issuer,
  domain: "acme.example",
  oidcConfig: { clientId: client.id, clientSecret: client.secret },
  ...more,
});
const account = (email: string) => ({ email, password: PASSWORD, name: "A" });
const begin = { email: "ada@acme.example", callbackURL: "/done", errorCallbackURL: "/failed" };

/** A browser of one origin. */
function openBrowser({ api, host }: World, from?: string) {
  const cookies = new Map<string, string>();
  const sent = from ?? `198.51.100.${String((address += 1))}`;
  return async (
    path: string,
    { body, headers }: { body?: object; headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const request = new Request(path.startsWith("http") ? path : api + path, {
      method: body ? "POST" : "GET",
      headers: { origin: host.siteUrl, "x-forwarded-for": sent, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (body) request.headers.set("content-type", "application/json");
    request.headers.set(
      "cookie",
      [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    );
    const answer = await sendAsIs(request);
    for (const entry of answer.headers.getSetCookie()) {
      const [pair = ""] = entry.split(";");
      cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return answer;
  };
}

describe("on two origins, as the page has it", () => {
  let world: World;
  let pushRequest: PushRequest;
  beforeAll(async () => {
    pushRequest = await bundled("sso-two", ["Set up"]);
    world = await open(pushRequest, FRONTEND);
    const admin = openTabOf();
    await admin.request("/sign-up/email", { body: account("admin@acme.example") });
    const registered = await admin.request("/sso/register", { body: registration(world) });
    expect(registered.status, world.lines.join("\n")).toBe(200);
  }, 120_000);
  afterAll(() => world.close());

  const openTabOf = (from?: string): Tab =>
    openTab({ handler: send(from), api: world.api, origin: FRONTEND });

  async function start(tab: Tab, email = begin.email): Promise<URL> {
    const answer = await tab.request("/sign-in/sso", { body: { ...begin, email } });
    return new URL(((await answer.json()) as { url: string }).url);
  }

  it("is bundled for Node alone", () => {
    const modules = pushRequest.appDefinition.changedModules;
    const importing = modules.filter(({ source }) => /from "node:|require\("node:/.test(source));
    expect(importing.map(({ environment }) => environment)).not.toContain("isolate");
    expect(modules.find(({ path }) => path === "sso.js")?.environment).toBe("node");
    expect(modules.find(({ path }) => path === "http.js")?.environment).toBe("isolate");
  });

  it("brings the tab home, signed in, with a session of its own address", async () => {
    const tab = openTabOf("203.0.113.50");
    const back = await world.provider.authorize(await start(tab), "ada@acme.example");
    const { address: end } = await tab.visit(back);
    expect(end.href).toBe(`${FRONTEND}/done`);
    expect(tab.hostCookies.size).toBe(0);
    expect(Object.keys(tab.cookies()).join()).not.toContain("convex_jwt");
    const session = await tab.request("/get-session");
    expect(await session.json()).toMatchObject({
      user: { email: "ada@acme.example" },
      session: { ipAddress: "203.0.113.50" },
    });
    expect((await tab.request("/convex/token")).status).toBe(200);
  });

  it("brings a refusal home, and what arrives in a browser that never began", async () => {
    const tab = openTabOf();
    const refused = await tab.visit(await world.provider.refuse(await start(tab)));
    expect(refused.address.href).toMatch(`${FRONTEND}/failed?error=`);
    const stranger = openTabOf();
    const back = await world.provider.authorize(await start(tab), "ada@acme.example");
    const ended = await stranger.visit(back);
    expect(ended.address.origin).toBe(FRONTEND);
    expect(ended.address.searchParams.get("error")).toBe("state_mismatch");
    expect(await (await stranger.request("/get-session")).json()).toBeNull();
  });

  it("a provider's SAML form comes home as well, and signs the tab in", async () => {
    const idp = await createSamlIdentityProvider();
    const [admin, tab] = [openTabOf(), openTabOf()];
    await admin.request("/sign-up/email", { body: account("saml@acme.example") });
    const registered = await admin.request("/sso/register", {
      body: {
        providerId: "saml",
        issuer: world.host.siteUrl,
        domain: "saml.example",
        samlConfig: {
          entryPoint: idp.entryPoint,
          cert: idp.certificate,
          callbackUrl: `${FRONTEND}/done`,
          audience: world.host.siteUrl,
          wantAssertionsSigned: true,
          idpMetadata: {
            entityID: idp.entityId,
            cert: idp.certificate,
            singleSignOnService: [
              {
                Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
                Location: idp.entryPoint,
              },
            ],
          },
          spMetadata: { entityID: world.host.siteUrl },
          mapping: { email: "email", name: "displayName" },
        },
      },
    });
    expect(registered.status, await registered.text()).toBe(200);
    const document = await tab.request("/sso/saml2/sp/metadata?providerId=saml");
    const metadata = await document.text();
    const url = await start(tab, "bob@saml.example");
    const acs = `${world.api}/sso/saml2/sp/acs/saml`;
    const SAMLResponse = await idp.answer(url, { metadata, acs }, "bob@saml.example");
    const RelayState = url.searchParams.get("RelayState") ?? "";
    await tab.visit(acs, { form: new URLSearchParams({ SAMLResponse, RelayState }) });
    const session = await tab.request("/get-session");
    expect(await session.json()).toMatchObject({ user: { email: "bob@saml.example" } });
  });

  it("has an answer for a path that is none", async () => {
    const missing = await openTabOf().request("/sso/nothing", { body: {} });
    expect(missing.status).toBe(404);
  });
});

describe("on one origin", () => {
  let world: World;
  beforeAll(async () => {
    const pushRequest = await bundled("sso-one", ["Set up"], (text, file) => {
      if (file === "convex/auth.ts") return replaced(text, "crossDomain(), ");
      return file === "convex/http.ts" ? replaced(text, ", { cors: true }") : text;
    });
    world = await open(pushRequest);
    const admin = openBrowser(world);
    expect((await admin("/sign-up/email", { body: account("admin@acme.example") })).status).toBe(
      200,
    );
    const registered = await admin("/sso/register", { body: registration(world) });
    expect(registered.status, await registered.text()).toBe(200);
  }, 120_000);
  afterAll(() => world.close());

  it("signs a user in, whose session is one of the app's", async () => {
    const browser = openBrowser(world);
    const { url } = (await (await browser("/sign-in/sso", { body: begin })).json()) as {
      url: string;
    };
    const back = await world.provider.authorize(new URL(url), "ada@acme.example");
    expect((await browser(back.href)).headers.get("location")).toBe("/done");
    const session = await browser("/get-session");
    expect(await session.json()).toMatchObject({ user: { email: "ada@acme.example" } });
  });

  const trials = async (ask: (index: number) => Promise<Response>): Promise<Response[]> => {
    const answers: Response[] = [];
    for (let index = 0; index < 5; index += 1) answers.push(await ask(index));
    return answers;
  };
  const statuses = (answers: Response[]) => answers.map(({ status }) => status);

  it("counts a request once, and no caller gets another counter by a forged address", async () => {
    // What stands last is what Convex's own proxy saw.
    const answers = await trials((index) =>
      openBrowser(world, `10.0.0.${String(index)}, 203.0.113.7`)("/sign-in/sso", { body: begin }),
    );
    expect(statuses(answers)).toEqual([200, 200, 200, 429, 429]);
    expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("believes the app's own server about its visitors", async () => {
    const answers = await trials(async (index) =>
      openBrowser(world, "203.0.113.8")("/sign-in/sso", {
        body: begin,
        headers: {
          "x-gate-client-ip":
            (await signClientIp(`192.0.2.${String(200 + index)}`, PROXY_SECRET)) ?? "",
        },
      }),
    );
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200]);
  });

  it("answers 503 with Retry-After where Convex has no room", async () => {
    const browser = openBrowser(world);
    world.host.overloads.fail("TimedOut", "gate:findOne", 20);
    const answer = await browser("/sign-in/sso", { body: begin });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).not.toBeNull();
    expect(await answer.json()).toMatchObject({ code: "TOO_BUSY" });
  });
});

describe("with options, organizations and triggers", () => {
  let world: World;
  beforeAll(async () => {
    const pushRequest = await bundled("sso-options", ["Set up", "Options"], (text, file) => {
      if (file !== "convex/auth.ts") return text;
      const logout = replaced(
        text,
        "{ domainVerification:",
        `{ saml: ${LOGOUT}, domainVerification:`,
      );
      const plugins = replaced(
        replaced(logout, "crossDomain(), ", "organization(), social, "),
        "export const createAuth",
        `const social = genericOAuth({
  config: [
    {
      providerId: "loopback",
      clientId: ${JSON.stringify(client.id)},
      clientSecret: ${JSON.stringify(client.secret)},
      discoveryUrl: process.env.SSO_ISSUER + "/.well-known/openid-configuration",
      scopes: ["openid", "email", "profile"],
    },
  ],
});
export const { writeWithTriggers } = authComponent.triggersApi();
export const createAuth`,
      );
      return `import { genericOAuth, organization } from "better-auth/plugins";
${replaced(
  plugins,
  "(components.betterAuth)",
  `(components.betterAuth, {
  functions: internal.auth,
  triggers: {
    ssoProvider: {
      beforeCreate: () => ({ domainVerified: true }),
      created: (ctx, { doc }) => console.log("registered " + doc.domain),
    },
  },
})`,
)}`;
    });
    world = await open(pushRequest);
  }, 120_000);
  afterAll(() => world.close());

  it("a trigger hears of a provider, and who comes by a social one joins the organization of their domain", async () => {
    const owner = openBrowser(world);
    const signedUp = await owner("/sign-up/email", { body: account("owner@x.example") });
    expect(signedUp.status, world.lines.join("\n")).toBe(200);
    const made = await owner("/organization/create", { body: { name: "Acme", slug: "acme" } });
    const { id: organizationId } = (await made.json()) as { id: string };
    const body = registration(world, { organizationId });
    const registered = await owner("/sso/register", { body });
    expect(registered.status, await registered.text()).toBe(200);
    expect(world.lines.join("\n")).toContain("registered acme.example");
    const members = async (): Promise<number> => {
      const answer = await owner(`/organization/list-members?organizationId=${organizationId}`);
      return ((await answer.json()) as { total: number }).total;
    };
    expect(await members()).toBe(1);
    const ada = openBrowser(world);
    const social = { provider: "loopback", callbackURL: "/done" };
    const begun = await ada("/sign-in/social", { body: social });
    const { url } = (await begun.json()) as { url: string };
    const back = await world.provider.authorize(new URL(url), "ada@acme.example");
    expect((await ada(back.href)).headers.get("location")).toBe("/done");
    expect(await members()).toBe(2);
  });

  it("the end of a session is asked in Node where SAML is to forget it, and a password never is", async () => {
    const browser = openBrowser(world);
    const inNode = async (path: string, body: object): Promise<boolean> => {
      world.host.metrics.reset();
      expect((await browser(path, { body })).status).toBe(200);
      const { calls } = world.host.metrics.snapshot();
      return calls.some((call) => call.function === "sso:handle");
    };
    expect(await inNode("/sign-up/email", account("bea@x.example"))).toBe(false);
    expect(await inNode("/sign-out", {})).toBe(true);
    expect(await (await browser("/get-session")).json()).toBeNull();
  });
});

describe("what stands for sso()", () => {
  const cases: (SSOOptions & SsoInNodeOptions)[] = [
    {},
    { domainVerification: { enabled: true }, modelName: "provider", fields: { issuer: "iss" } },
    {
      schema: {
        ssoProvider: {
          modelName: "idp",
          fields: { domain: "host" },
          additionalFields: { label: { type: "string", required: false } },
        },
      },
    },
  ];
  it.each(cases)("has its table and its endpoints with %j", (options) => {
    const ours = ssoInNode({} as never, {} as never, options);
    const theirs = sso(options);
    expect(ours.schema).toEqual(theirs.schema);
    expect(endpointsOf(ours)).toEqual(endpointsOf(theirs));
  });
});

function endpointsOf(plugin: object): unknown {
  const { endpoints } = plugin as {
    endpoints: Record<string, { path: string; options: { method: string | string[] } }>;
  };
  return Object.fromEntries(
    Object.entries(endpoints).map(([name, { path, options }]) => [
      name,
      [path, ...[options.method].flat()],
    ]),
  );
}
