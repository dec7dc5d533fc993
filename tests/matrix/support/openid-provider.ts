/** A real OpenID provider, `oidc-provider`, on the loopback interface: whoever asks is signed in as they say. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import type { Party } from "./plugin.js";

/** A provider at which a browser can become anybody. */
export interface OpenIdProvider extends Party {
  issuer: string;
  /**
   * What a person's browser does at the provider: follows its redirects, signs in as `email` and consents, until it is
   * sent to another origin. Gives that URL.
   */
  authorize(url: URL, email: string): Promise<URL>;
  /** The same for a person who refuses. */
  refuse(url: URL): Promise<URL>;
}

/** One client of the provider. */
export interface OpenIdClient {
  id: string;
  secret: string;
  redirectUris: string[];
}

/** Starts a provider whose one client is the app with `plugins/generic-oauth.server.ts`. */
export function openLoopbackProvider({ siteUrl }: { siteUrl: string }): Promise<OpenIdProvider> {
  return openOpenIdProvider([
    {
      id: "matrix",
      secret: "the secret of the matrix client",
      redirectUris: [`${siteUrl}/api/auth/callback/loopback`],
    },
  ]);
}

/** Starts a provider that knows these clients. */
export async function openOpenIdProvider(clients: OpenIdClient[]): Promise<OpenIdProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const provider = new Provider(issuer, {
    clients: clients.map(({ id, secret, redirectUris }) => ({
      client_id: id,
      client_secret: secret,
      redirect_uris: redirectUris,
    })),
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    features: { devInteractions: { enabled: false } },
    conformIdTokenClaims: false,
    cookies: { keys: ["the matrix"] },
    ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, email) => ({
      accountId: email,
      claims: () => ({ sub: email, email, email_verified: true, name: email.split("@")[0] }),
    }),
  });
  const callback = provider.callback();
  server.on("request", (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    if (!url.pathname.startsWith("/interaction/")) {
      void callback(request, response);
      return;
    }
    void provider.interactionDetails(request, response).then(async (details) => {
      const email = url.searchParams.get("as");
      await provider.interactionFinished(
        request,
        response,
        email === null
          ? { error: "access_denied", error_description: "refused" }
          : await answerOf(provider, details, email),
      );
    });
  });

  async function walk(start: URL, email: string | undefined): Promise<URL> {
    const jar = new Map<string, string>();
    let url = start;
    for (let step = 0; step < 10 && url.origin === issuer; step += 1) {
      if (url.pathname.startsWith("/interaction/") && email !== undefined)
        url.searchParams.set("as", email);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(url, { redirect: "manual", headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
        jar.set(name, value);
      }
      const next = response.headers.get("location");
      if (next === null) throw new Error(`the provider answered ${await response.text()}`);
      url = new URL(next, url);
    }
    return url;
  }

  return {
    issuer,
    env: { OIDC_ISSUER: issuer },
    authorize: (url, email) => walk(url, email),
    refuse: (url) => walk(url, undefined),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/** Signs in and consents to everything that is asked for, as far as this step of the interaction goes. */
async function answerOf(
  provider: Provider,
  { prompt, params, session, grantId }: Interaction,
  email: string,
): Promise<Record<string, unknown>> {
  if (prompt.name === "login") return { login: { accountId: email } };
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    existing ??
    new provider.Grant({ accountId: session?.accountId, clientId: String(params["client_id"]) });
  grant.addOIDCScope(String(params["scope"]));
  return { consent: { grantId: await grant.save() } };
}
