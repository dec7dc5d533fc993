import { expect } from "vitest";
import { refusalOf } from "../support/browser.js";
import type { MatrixPlugin, Party } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";
import { serveJson } from "../support/serve.js";
import { authorize, codeFor, redeem } from "./oauth-provider.js";

const redirect = "https://client.example.com/callback";

export const cimd: MatrixPlugin = definePlugin({
  name: "cimd",
  package: "@better-auth/cimd",
  lines: `import { cimd } from "@better-auth/cimd";
import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  jwt(),
  oauthProvider({ loginPage: "/login", consentPage: "/consent" }),
  cimd({ fetchClientMetadataResource }),
]`,
  notes:
    "The package's own transport, `@better-auth/cimd/node`, needs Node's sockets, which Convex's HTTP actions do not have: bring a transport of your own, for example a proxy that refuses private addresses. Exercised with documents from the loopback interface.",
  party: () => serveDocuments(),
  cases: [
    {
      name: "a client that nobody registered is known by its document",
      path: "happy",
      async run(t) {
        const ada = await t.person();
        await t.browser().get("/jwks", { uncounted: true });
        const client = { client_id: `https://client.example.com/${t.unique("client")}.json` };
        const tokens = await redeem(t, client, await codeFor(t, ada, client));
        expect(tokens.body).toMatchObject({ token_type: "Bearer" });
      },
    },
    {
      name: "refuses a document that names another client",
      path: "failure",
      async run(t) {
        const ada = await t.person();
        const client = { client_id: "https://client.example.com/liar" };
        const answer = await authorize(t, ada, client, redirect);
        expect(refusalOf(answer), answer.text).toBeDefined();
      },
    },
  ],
});

/** The web server of the clients. */
async function serveDocuments(): Promise<Party> {
  const { url, close } = await serveJson((request) => {
    const { pathname } = new URL(request.url);
    const isLiar = pathname === "/liar";
    const client_id = `https://${isLiar ? "other" : "client"}.example.com${pathname}`;
    return Response.json({
      client_id,
      client_name: "A client with a document",
      redirect_uris: [redirect],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    });
  });
  return { env: { CIMD_URL: url }, close };
}
