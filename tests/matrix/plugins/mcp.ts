import { auth } from "@modelcontextprotocol/sdk/client/auth.js";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { expect } from "vitest";
import type { MatrixPlugin, Person, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";
import { pageOf } from "./oauth-provider.js";

const redirectUrl = "http://127.0.0.1:9999/callback";

export const mcp: MatrixPlugin = definePlugin({
  name: "mcp",
  package: "@better-auth/mcp",
  lines: `import { mcp } from "@better-auth/mcp";
import { jwt } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  jwt(),
  mcp({ loginPage: "/login", consentPage: "/consent", resource: "https://<deployment>.convex.site/mcp" }),
]`,
  notes:
    "`registerRoutes` also mounts the two documents that MCP clients look for outside of the base path, `/.well-known/oauth-protected-resource` and `/.well-known/oauth-authorization-server`. Exercised with the client of the official MCP SDK.",
  cases: [
    {
      name: "a client of the MCP SDK finds the server, registers itself and gets a token for the resource",
      path: "happy",
      async run(t) {
        const ada = await t.person();
        await t.browser().get("/jwks", { uncounted: true });
        const client = openClient(t);
        expect(await client.auth()).toBe("REDIRECT");
        expect(await client.auth(await consent(t, ada, client.asked()))).toBe("AUTHORIZED");
        const resource = `${t.host.siteUrl}/mcp`;
        const { payload } = await jwtVerify(
          client.tokens().access_token,
          createRemoteJWKSet(new URL(`${t.host.siteUrl}/api/auth/jwks`)),
          { audience: resource },
        );
        expect(payload.sub).toBe(ada.id);
        expect(await t.me(ada)).toMatchObject({ id: ada.id });
      },
    },
    {
      name: "refuses a code that was used",
      path: "failure",
      async run(t) {
        const ada = await t.person();
        await t.browser().get("/jwks", { uncounted: true });
        const client = openClient(t);
        await client.auth();
        const code = await consent(t, ada, client.asked());
        await client.auth(code);
        await expect(client.auth(code)).rejects.toThrow();
      },
    },
  ],
});

/** The SDK's types do not know `application_type`, by which a client may be called back on its own machine. */
const metadata = {
  client_name: "A client of the tests",
  application_type: "native",
  redirect_uris: [redirectUrl],
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
};

interface McpClient {
  /** Goes one step: to the authorization page without a code, to tokens with one. */
  auth(code?: string): Promise<string>;
  asked(): URL;
  tokens(): OAuthTokens;
}

function openClient(t: Tools): McpClient {
  const program = t.program();
  let asked: URL | undefined;
  let tokens: OAuthTokens | undefined;
  let information: OAuthClientInformationMixed | undefined;
  let verifier = "";
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: metadata,
    clientInformation: () => information,
    saveClientInformation: (saved) => void (information = saved),
    // Each step is one that a client without tokens makes.
    tokens: () => undefined,
    saveTokens: (saved) => void (tokens = saved),
    redirectToAuthorization: (url) => void (asked = url),
    saveCodeVerifier: (saved) => void (verifier = saved),
    codeVerifier: () => verifier,
  };
  const fetchFn = async (url: string | URL, init?: RequestInit): Promise<Response> => {
    const { status, headers, text } = await program.visit(url, {
      method: init?.method ?? "GET",
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(init?.body === undefined || init.body === null ? {} : { body: bodyOf(init.body) }),
    });
    return new Response(text, { status, headers });
  };
  return {
    auth: (authorizationCode) =>
      auth(provider, {
        serverUrl: `${t.host.siteUrl}/mcp`,
        fetchFn,
        ...(authorizationCode === undefined ? {} : { authorizationCode }),
      }),
    asked: () => known(asked),
    tokens: () => known(tokens),
  };
}

function bodyOf(body: NonNullable<RequestInit["body"]>): unknown {
  return typeof body === "string" ? (JSON.parse(body) as unknown) : body;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the client did not get that far");
  return value;
}

/** The user consents on the app's page; the code is in the address that they are sent back to. */
async function consent(t: Tools, person: Person, asked: URL): Promise<string> {
  const page = pageOf(await person.visit(asked, { label: "GET /oauth2/authorize" }), t);
  expect(page.origin).toBe(page.pathname === "/consent" ? t.site : new URL(redirectUrl).origin);
  if (page.pathname !== "/consent") return page.searchParams.get("code") ?? "";
  const answer = await person.post("/oauth2/consent", {
    accept: true,
    oauth_query: page.search.slice(1),
  });
  return pageOf(answer, t).searchParams.get("code") ?? "";
}
