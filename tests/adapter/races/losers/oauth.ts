/** The unique fields of the OAuth provider, which the MCP plugin shares. */
import { cimd } from "@better-auth/cimd";
import { oauthProvider } from "@better-auth/oauth-provider";
import type { BetterAuthPlugin } from "better-auth";
import { jwt } from "better-auth/plugins/jwt";
import type { Case } from "./case.js";
import { callServer, json, signUp } from "./case.js";

const clientId = "https://client.example.com/client.json";
const redirect = "https://client.example.com/callback";
const resource = "https://api.example.com";

/** Stands for the client's web server. */
const documentOfClient = (): Promise<Response> =>
  Promise.resolve(
    Response.json({
      client_id: clientId,
      client_name: "A client with a document",
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    }),
  );

const plugins = (): BetterAuthPlugin[] => [
  jwt(),
  oauthProvider({ loginPage: "/login", consentPage: "/consent" }) as BetterAuthPlugin,
  cimd({ fetchClientMetadataResource: documentOfClient }) as BetterAuthPlugin,
];

export const oauthCases: Case[] = [
  {
    field: "oauthClient.clientId",
    by: "oauth2/authorize, a client that has a document",
    plugins,
    answer: [302],
    alone: [302],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      await browser.request("/jwks");
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirect,
        response_type: "code",
        scope: "openid",
        state: "of the client",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      });
      return () => browser.request(`/oauth2/authorize?${query.toString()}`);
    },
  },
  {
    field: "oauthResource.identifier",
    by: "api.adminCreateOAuthResource",
    plugins,
    answer: [400, "invalid_request"],
    alone: [400, "invalid_request"],
    async prepare(app, browser, number) {
      await signUp(browser, number);
      const body = { identifier: resource };
      return () => callServer(app, browser, "adminCreateOAuthResource", { body });
    },
  },
  {
    field: "oauthClientResource.clientId+resourceId",
    by: "api.adminLinkClientResource",
    plugins,
    answer: [200],
    alone: [200],
    async prepare(app, browser, number) {
      await signUp(browser, number);
      if (number === 0) {
        const body = { redirect_uris: [redirect], scope: "openid" };
        await json(browser.request("/oauth2/create-client", { body }));
        const made = { body: { identifier: resource } };
        await json(callServer(app, browser, "adminCreateOAuthResource", made));
      }
      const [client] = await app.rows("oauthClient");
      const params = { identifier: resource, client_id: client?.["clientId"] };
      return () => callServer(app, browser, "adminLinkClientResource", { params });
    },
  },
];
