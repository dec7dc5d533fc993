/**
 * `node tests/host/run.mjs tests/e2e/import/make-cba.ts`: fills the published `@convex-dev/better-auth` over HTTP, as people
 * would by their browsers, and writes `fixtures/cba.zip` and what those people know to `fixtures/cba.json`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import {
  AuthenticatorEmulator,
  PasskeysCredentialsMemoryRepository,
  WebAuthnEmulator,
  serializeCredential,
} from "nid-webauthn-emulator";
import { generate } from "otplib";
import { bundleApp } from "../../host/index.js";
import { openOpenIdProvider } from "../../matrix/support/openid-provider.js";
import type { AuthSession } from "../auth-session.js";
import { openAuthSession } from "../auth-session.js";
import { startLocalDeployment } from "../local-deployment.js";
import { ORIGIN, SECRET, fixtures, sources } from "./fixture-files.js";
import { writeExport } from "./write-export.js";

const TABLES = [
  "user",
  "session",
  "account",
  "verification",
  "organization",
  "member",
  "invitation",
  "team",
  "teamMember",
  "twoFactor",
  "passkey",
  "jwks",
];

const lines: string[] = [];
const host = await startLocalDeployment({
  pushRequest: await bundleApp(join(sources, "cba")),
  origin: ORIGIN,
  env: { BETTER_AUTH_SECRET: SECRET, OIDC_ISSUER: "http://127.0.0.1:1" },
  log: (line) => lines.push(line),
});
const provider = await openOpenIdProvider([
  {
    id: "fixture",
    secret: "the secret of the fixture's client",
    redirectUris: [`${host.siteUrl}/api/auth/oauth2/callback/loopback`],
  },
]);
try {
  await host.setEnv({ OIDC_ISSUER: provider.issuer });
  const people = await fill();
  const client = new ConvexHttpClient(host.url, { logger: false });
  const documents: Record<string, Record<string, unknown>[]> = {};
  for (const model of TABLES)
    documents[model] = (await client.query(makeFunctionReference<"query">("auth:documents"), {
      model,
    })) as Record<string, unknown>[];
  // A cookie cannot be asked to last for more than 400 days, and the tests are to run for longer.
  const far = Date.UTC(2066, 0);
  documents["session"] = (documents["session"] ?? []).map((row) => ({ ...row, expiresAt: far }));
  writeExport(join(fixtures, "cba.zip"), {
    // The app's own table holds the ids of users, as apps do.
    "": { notes: [{ _id: "10001;notes", _creationTime: 1_790_000_000_000, owner: people.ada.id }] },
    betterAuth: documents,
  });
  writeFileSync(join(fixtures, "cba.json"), `${JSON.stringify(people, null, 2)}\n`);
  for (const [model, rows] of Object.entries(documents)) console.log(model, rows.length);
} catch (error) {
  for (const line of lines) console.error(line);
  throw error;
} finally {
  await provider.close();
  await host.close();
}

/** What a person knows or has. */
interface Person {
  id: string;
  email: string;
  password?: string;
  /** The browser's cookie, as it was sent. */
  session: string;
  [other: string]: unknown;
}

async function fill(): Promise<Record<"ada" | "bob" | "carol" | "dan" | "eve" | "frank", Person>> {
  const [ada, adaBrowser] = await signUp("ada", { plan: "pro" });
  const [bob, bobBrowser] = await signUp("bob");
  const organization = await expectOk(
    adaBrowser.post("/organization/create", { name: "Engines", slug: "engines" }),
  );
  const { id: organizationId } = organization as { id: string };
  await expectOk(adaBrowser.post("/organization/create-team", { name: "Mills", organizationId }));
  const invited = await expectOk(
    adaBrowser.post("/organization/invite-member", {
      email: bob.email,
      role: "admin",
      organizationId,
    }),
  );
  await expectOk(
    bobBrowser.post("/organization/accept-invitation", { invitationId: invited["id"] }),
  );
  const waiting = await expectOk(
    adaBrowser.post("/organization/invite-member", {
      email: "carol@example.com",
      role: "member",
      organizationId,
    }),
  );

  const carolBrowser = openAuthSession(host.siteUrl, ORIGIN);
  await atTheProvider(carolBrowser, "/sign-in/oauth2", "carol@example.com");
  const carol = await personOf(carolBrowser, "carol@example.com");

  const [dan, danBrowser] = await signUp("dan");
  const enabled = await expectOk(danBrowser.post("/two-factor/enable", { password: dan.password }));
  const totpSecret = new URL(String(enabled["totpURI"])).searchParams.get("secret") ?? "";
  await expectOk(
    danBrowser.post("/two-factor/verify-totp", { code: await generate({ secret: totpSecret }) }),
  );

  // Ligatures and letters in two parts: what a password is before it is normalised differs from what is hashed.
  const [eve, eveBrowser] = await signUp("eve", {}, "pa\u0308sswo\u0308rd \ufb01ne");
  const repository = new PasskeysCredentialsMemoryRepository();
  const authenticator = new WebAuthnEmulator(
    new AuthenticatorEmulator({ credentialsRepository: repository }),
  );
  const options = await expectOk(eveBrowser.get("/passkey/generate-register-options"));
  await expectOk(
    eveBrowser.post("/passkey/verify-registration", {
      response: authenticator.createJSON(ORIGIN, options as never),
      name: "Laptop",
    }),
  );

  const [frank, frankBrowser] = await signUp("frank");
  await atTheProvider(frankBrowser, "/oauth2/link", "frank@example.com");
  const client = new ConvexHttpClient(host.url, { logger: false });
  await client.mutation(makeFunctionReference<"mutation">("auth:setUserId"), {
    id: frank.id,
    userId: "the app's own id of Frank",
  });

  return {
    ada: { ...ada, session: cookieOf(adaBrowser), organizationId, invitationId: waiting["id"] },
    bob: { ...bob, session: cookieOf(bobBrowser) },
    carol,
    dan: {
      ...dan,
      session: cookieOf(danBrowser),
      totpSecret,
      backupCodes: enabled["backupCodes"],
    },
    eve: {
      ...eve,
      passkeys: repository
        .loadCredentials()
        .map((one) => JSON.parse(serializeCredential(one)) as unknown),
    },
    frank,
  };
}

async function signUp(
  name: string,
  fields: Record<string, unknown> = {},
  password = `the password of ${name}`,
): Promise<[Person, AuthSession]> {
  const browser = openAuthSession(host.siteUrl, ORIGIN);
  const email = `${name}@example.com`;
  await expectOk(browser.post("/sign-up/email", { name, email, password, ...fields }));
  return [{ ...(await personOf(browser, email)), password }, browser];
}

async function personOf(browser: AuthSession, email: string): Promise<Person> {
  const { user } = (await expectOk(browser.get("/get-session"))) as { user: { id: string } };
  return { id: user.id, email, session: cookieOf(browser) };
}

function cookieOf(browser: AuthSession): string {
  return browser.cookie("better-auth.session_token") ?? "";
}

async function atTheProvider(browser: AuthSession, path: string, email: string): Promise<void> {
  const answer = await expectOk(
    browser.post(path, { providerId: "loopback", callbackURL: ORIGIN }),
  );
  const back = await provider.authorize(new URL(String(answer["url"])), email);
  const { status, headers } = await browser.get(
    `${back.pathname.replace("/api/auth", "")}${back.search}`,
  );
  const location = headers.get("location") ?? "";
  if (status !== 302 || location.includes("error"))
    throw new Error(`${path} led to ${location} (${String(status)})`);
}

async function expectOk(answer: ReturnType<AuthSession["post"]>): Promise<Record<string, unknown>> {
  const { status, body } = await answer;
  if (status !== 200 || body === null)
    throw new Error(`answered ${String(status)}: ${JSON.stringify(body)}`);
  return body;
}
