/** `@better-auth/sso` with a SAML identity provider, over the component; in Node, as `sso-oidc.test.ts` says. */
import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { beforeAll, expect, it } from "vitest";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import { crossDomain } from "../../js/plugins/index.js";
import { openTab } from "../support/tab.js";
import type { Browser } from "./support/app.js";
import { SITE } from "./support/app.js";
import type { SamlIdentityProvider } from "./support/saml-identity-provider.js";
import { createSamlIdentityProvider } from "./support/saml-identity-provider.js";
import { registerProvider, signInSso, userOf } from "./support/sso.js";

const FRONTEND = "http://localhost:5173";
const acs = `${SITE}/api/auth/sso/saml2/sp/acs/acme`;

let provider: SamlIdentityProvider;
let app: ComponentApp;
let metadata: string;

beforeAll(async () => {
  provider = await createSamlIdentityProvider();
  app = createComponentApp({
    plugins: [crossDomain({ siteUrl: FRONTEND }), sso() as unknown as BetterAuthPlugin],
  });
  const registered = await registerProvider(app, {
    providerId: "acme",
    issuer: SITE,
    domain: "acme.example",
    samlConfig: {
      entryPoint: provider.entryPoint,
      cert: provider.certificate,
      callbackUrl: `${SITE}/done`,
      audience: SITE,
      wantAssertionsSigned: true,
      idpMetadata: {
        entityID: provider.entityId,
        cert: provider.certificate,
        singleSignOnService: [
          {
            Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            Location: provider.entryPoint,
          },
        ],
      },
      spMetadata: { entityID: SITE },
      mapping: { email: "email", name: "displayName" },
    },
  });
  expect(registered.status, await registered.text()).toBe(200);
  const answer = await app.browser().request("/sso/saml2/sp/metadata?providerId=acme");
  metadata = await answer.text();
});

it("signs a user in by an assertion that the provider has signed", async () => {
  const browser = app.browser();
  const { url, form } = await assertion(browser, "ada@acme.example");
  expect(url.origin).toBe("https://idp.example");
  const done = await post(browser, form);
  expect(done.status, await done.text()).toBe(302);
  expect(await userOf(browser)).toMatchObject({ email: "ada@acme.example" });
});

it("signs nobody in by an assertion that was changed, nor by one that was used", async () => {
  const browser = app.browser();
  const { form } = await assertion(browser, "bob@acme.example");
  const xml = Buffer.from(form.get("SAMLResponse") ?? "", "base64").toString();
  const forged = new URLSearchParams(form);
  forged.set(
    "SAMLResponse",
    Buffer.from(xml.replaceAll("bob@acme.example", "admin@acme.example")).toString("base64"),
  );
  await post(browser, forged);
  expect(await userOf(browser)).toBeUndefined();
  const { form: once } = await assertion(browser, "bob@acme.example");
  await post(browser, once);
  expect(await userOf(browser)).toMatchObject({ email: "bob@acme.example" });
  const thief = app.browser();
  await post(thief, once);
  expect(await userOf(thief)).toBeUndefined();
});

it("on two origins: the provider's form is brought home, and signs the tab in, once", async () => {
  const open = () =>
    openTab({ handler: app.auth().handler, api: `${SITE}/api/auth`, origin: FRONTEND });
  const [tab, thief] = [open(), open()];
  const { form } = await assertion(tab, "cleo@acme.example");
  await tab.visit(acs, { form });
  expect(await userOf(tab)).toMatchObject({ email: "cleo@acme.example" });
  expect(tab.hostCookies.size).toBe(0);
  const used = await thief.visit(acs, { form });
  expect(used.address.searchParams.has("error")).toBe(true);
  expect(await userOf(thief)).toBeUndefined();
});

/** What the provider gives a browser that was sent to it. */
async function assertion(
  browser: Pick<Browser, "request">,
  email: string,
): Promise<{ url: URL; form: URLSearchParams }> {
  const { url: address } = (await (await signInSso(browser, email)).json()) as { url: string };
  const url = new URL(address);
  const SAMLResponse = await provider.answer(url, { metadata, acs }, email);
  const RelayState = url.searchParams.get("RelayState") ?? "";
  return { url, form: new URLSearchParams({ SAMLResponse, RelayState }) };
}

/** The browser posts the provider's form, from the provider's page. */
async function post(browser: Browser, form: URLSearchParams): Promise<Response> {
  const response = await app.auth().handler(
    new Request(acs, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: "https://idp.example",
        cookie: browser.cookieHeader(),
      },
      body: form,
    }),
  );
  browser.keep(response);
  return response;
}
