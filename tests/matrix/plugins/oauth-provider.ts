import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Answer, Browser } from "../support/browser.js";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const redirect = "https://client.example.com/callback";
const verifier = "a-verifier-of-more-than-forty-three-characters-0123456789";

export const oauthProvider: MatrixPlugin = definePlugin({
  name: "oauth-provider",
  package: "@better-auth/oauth-provider",
  lines: `import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  jwt(),
  oauthProvider({ loginPage: "/login", consentPage: "/consent" }),
]`,
  cases: [
    {
      name: "a client gets a code with consent, tokens for it, the user's claims, and new tokens",
      path: "happy",
      async run(t) {
        const ada = await t.person();
        // The first key of an app is made here.
        await t.browser().get("/jwks", { uncounted: true });
        const client = await makeClient(ada);
        const nobody = pageOf(await authorize(t, t.browser(), client, redirect), t);
        expect(nobody.origin + nobody.pathname).toBe(`${t.site}/login`);
        const { body: tokens } = await redeem(t, client, await codeFor(t, ada, client));
        expect(tokens).toMatchObject({ token_type: "Bearer", id_token: expect.any(String) });
        const claims = await t.program().get("/oauth2/userinfo", {
          headers: { authorization: `Bearer ${tokens.access_token}` },
        });
        expect(claims.body).toMatchObject({ sub: ada.id, email: ada.email });
        const introspected = await form(t, client, "/oauth2/introspect", {
          token: tokens.access_token,
          token_type_hint: "access_token",
        });
        expect(introspected.body).toMatchObject({ active: true, sub: ada.id });
        const renewed = await form(t, client, "/oauth2/token", {
          grant_type: "refresh_token",
          refresh_token: tokens.refresh_token,
        });
        expect(renewed.status).toBe(200);
        const revoked = await form(t, client, "/oauth2/revoke", {
          token: renewed.body.refresh_token,
          token_type_hint: "refresh_token",
        });
        expect(revoked.status).toBe(200);
        const { body: consents } = await ada.get("/oauth2/get-consents");
        expect(consents).toHaveLength(1);
      },
    },
    {
      name: "refuses another verifier, a code that was used, and another redirect",
      path: "failure",
      async run(t) {
        const ada = await t.person();
        // The first key of an app is made here.
        await t.browser().get("/jwks", { uncounted: true });
        const client = await makeClient(ada);
        const code = await codeFor(t, ada, client);
        const guessed = await redeem(t, client, code, `${verifier}x`);
        expect(guessed.body).toMatchObject({ error: expect.any(String) });
        expect(guessed.body.access_token).toBeUndefined();
        const second = await codeFor(t, ada, client);
        expect((await redeem(t, client, second)).status).toBe(200);
        expect((await redeem(t, client, second)).body.error).toBe("invalid_grant");
        const elsewhere = await authorize(t, ada, client, "https://thief.example.com/");
        expect(pageOf(elsewhere, t).origin).not.toBe("https://thief.example.com");
      },
    },
  ],
});

/** A client; a public one has no secret. */
export interface Client {
  client_id: string;
  client_secret?: string;
}

async function makeClient(owner: Browser): Promise<Client> {
  const made = await owner.post("/oauth2/create-client", {
    redirect_uris: [redirect],
    scope: "openid profile email offline_access",
  });
  expect(made.body).toMatchObject({ client_id: expect.any(String) });
  return made.body as Client;
}

/** What a client sends its user's browser to. */
export function authorize(
  t: Tools,
  browser: Browser,
  { client_id }: Client,
  redirect_uri: string,
): Promise<Answer> {
  const query = new URLSearchParams({
    client_id,
    redirect_uri,
    response_type: "code",
    scope: "openid profile email offline_access",
    state: "state-of-the-client",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  return browser.visit(`${t.host.siteUrl}/api/auth/oauth2/authorize?${query.toString()}`);
}

/** Consents when asked to, as the app's consent page does. */
export async function codeFor(t: Tools, browser: Browser, client: Client): Promise<string> {
  const page = pageOf(await authorize(t, browser, client, redirect), t);
  expect(page.origin).toBe(page.pathname === "/consent" ? t.site : new URL(redirect).origin);
  if (page.pathname !== "/consent") return page.searchParams.get("code") ?? "";
  const consent = await browser.post("/oauth2/consent", {
    accept: true,
    oauth_query: page.search.slice(1),
  });
  return pageOf(consent, t).searchParams.get("code") ?? "";
}

/** Where the answer leads: a script is told so in JSON, what a browser opens is redirected. */
export function pageOf({ location, body }: Answer, { site }: Tools): URL {
  return location ?? new URL(body.url, site);
}

/** Tokens for a code. */
export function redeem(
  t: Tools,
  client: Client,
  code: string,
  code_verifier = verifier,
): Promise<Answer> {
  return form(t, client, "/oauth2/token", {
    grant_type: "authorization_code",
    code,
    code_verifier,
    redirect_uri: redirect,
  });
}

function form(
  t: Tools,
  { client_id, client_secret }: Client,
  path: string,
  fields: Record<string, string>,
): Promise<Answer> {
  const query = new URLSearchParams(fields);
  if (client_secret === undefined) {
    query.set("client_id", client_id);
    return t.program().post(path, query);
  }
  const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
  return t.program().post(path, query, { headers: { authorization } });
}
