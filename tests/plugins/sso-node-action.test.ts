/**
 * `@better-auth/sso` in a Node action of Convex: the CLI bundles it, and what it bundled signs a user in. The local host has
 * no Node actions, so the module runs in plain Node here, over the component in `convex-test`.
 */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleApp } from "../host/index.js";
import type { BundledModule } from "../host/push-request.js";
import type { OpenIdProvider } from "../matrix/support/openid-provider.js";
import { openOpenIdProvider } from "../matrix/support/openid-provider.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import { createBrowser, SITE } from "./support/app.js";
import { registerProvider, signInSso, userOf } from "./support/sso.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const client = {
  id: "sso",
  secret: "the secret of the sso client",
  redirectUris: [`${SITE}/api/auth/sso/callback/acme`],
};

/** The registered action, as Convex calls its handler. */
interface Action {
  _handler(
    ctx: object,
    args: object,
  ): Promise<{ status: number; headers: [string, string][]; body: string | null }>;
}

let modules: BundledModule[];
let provider: OpenIdProvider;
let app: ComponentApp;

beforeAll(async () => {
  const folder = join(repository, "tests/output/sso-node-action");
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await cp(join(import.meta.dirname, "sso-app"), folder, { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const manifest = { name: "sso", type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  ({
    appDefinition: { changedModules: modules },
  } = await bundleApp(folder));
  for (const { path, source, environment } of modules) {
    if (environment !== "node") continue;
    const file = join(folder, "pushed", path);
    await mkdir(dirname(file), { recursive: true });
    // The maps stay in the push request.
    await writeFile(file, source.replace(/^\/\/# sourceMappingURL=.*$/gm, ""));
  }
  provider = await openOpenIdProvider([client]);
  process.env["BETTER_AUTH_SECRET"] = "a-secret-of-the-tests-with-enough-length-0001";
  process.env["SSO_ISSUER"] = provider.issuer;
  app = inBoth((await import(pathToFileURL(join(folder, "pushed/sso.js")).href)) as never);
}, 120_000);
afterAll(() => provider.close());

/** The app without sso, whose requests for it go where `http.ts` sends them. */
function inBoth({ handle }: { handle: Action }): ComponentApp {
  const plain = createComponentApp();
  const { t } = plain.harness;
  const ctx = {
    runQuery: (reference: never, args: never) => t.action((each) => each.runQuery(reference, args)),
    runMutation: (reference: never, args: never) =>
      t.action((each) => each.runMutation(reference, args)),
  };
  const browser = (): ReturnType<typeof createBrowser> =>
    createBrowser(async (request) => {
      const { pathname } = new URL(request.url);
      if (!/^\/api\/auth\/(sso\/|sign-in\/sso$)/.test(pathname))
        return plain.auth().handler(request);
      const { status, headers, body } = await handle._handler(ctx, {
        url: request.url,
        method: request.method,
        headers: [...request.headers],
        body: request.method === "GET" ? null : await request.text(),
      });
      return new Response(body, { status, headers });
    });
  return { ...plain, browser };
}

it("is bundled for Node alone", () => {
  const importing = modules.filter(({ source }) => /from "node:|require\("node:/.test(source));
  expect(importing.map(({ environment }) => environment)).not.toContain("isolate");
  expect(modules.find(({ path }) => path === "sso.js")?.environment).toBe("node");
  expect(modules.find(({ path }) => path === "http.js")?.environment).toBe("isolate");
});

it("signs a user in, whose session is one of the app's", async () => {
  const registered = await registerProvider(app, {
    providerId: "acme",
    issuer: provider.issuer,
    domain: "acme.example",
    oidcConfig: { clientId: client.id, clientSecret: client.secret },
  });
  expect(registered.status, await registered.text()).toBe(200);
  const browser = app.browser();
  const { url } = (await (await signInSso(browser, "ada@acme.example")).json()) as { url: string };
  const { pathname, search } = await provider.authorize(new URL(url), "ada@acme.example");
  const back = await browser.request(`${pathname.replace("/api/auth", "")}${search}`);
  expect(back.headers.get("location")).toBe(`${SITE}/done`);
  expect(await userOf(browser)).toMatchObject({ email: "ada@acme.example" });
});
