/** People of other systems, imported, do here what they did there: with what they know and have, and as who they were. */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import {
  AuthenticatorEmulator,
  PasskeysCredentialsMemoryRepository,
  WebAuthnEmulator,
  deserializeCredential,
} from "nid-webauthn-emulator";
import { generate } from "otplib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host } from "../../host/index.js";
import { bundleApp } from "../../host/index.js";
import type { OpenIdProvider } from "../../matrix/support/openid-provider.js";
import { openOpenIdProvider } from "../../matrix/support/openid-provider.js";
import type { AuthSession } from "../auth-session.js";
import { openAuthSession } from "../auth-session.js";
import { startLocalDeployment } from "../local-deployment.js";
import { stageApp } from "../stage-app.js";
import { ORIGIN, SECRET, fixtures } from "./fixture-files.js";
import type { SourceName } from "../../../js/cli/import/source.js";
import type { Imported } from "./import-into.js";
import { importInto } from "./import-into.js";

/** What the makers of the fixtures have written down of a person. */
interface Person {
  id: string;
  email: string;
  password: string;
  session: string;
  organizationId: string;
  invitationId: string;
  totpSecret: string;
  backupCodes: string[];
  passkeys: unknown[];
}

const peopleOf = (name: string): Record<string, Person> =>
  JSON.parse(readFileSync(join(fixtures, `${name}.json`), "utf8")) as Record<string, Person>;

let folder: string;
let host: Host;
let provider: OpenIdProvider;

beforeAll(async () => {
  folder = await stageApp(join(process.cwd(), "tests/e2e/import/app"), "e2e-moved-in");
  host = await startLocalDeployment({
    pushRequest: await bundleApp(folder),
    origin: ORIGIN,
    env: { BETTER_AUTH_SECRET: SECRET, OIDC_ISSUER: "http://127.0.0.1:1" },
  });
  provider = await openOpenIdProvider([
    {
      id: "app",
      secret: "the secret of the app's client",
      redirectUris: [`${host.siteUrl}/api/auth/callback/loopback`],
    },
  ]);
  await host.setEnv({ OIDC_ISSUER: provider.issuer });
});
afterAll(async () => {
  await provider.close();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

const imported = (from: SourceName, fixture: string): Promise<Imported> =>
  importInto(host, folder, from, join(fixtures, fixture));

/** By model: created, there already, left out. */
const countsOf = ({ report }: Imported): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(report.counts).map(([model, { created, unchanged, refused }]) => [
      model,
      [created, unchanged, refused],
    ]),
  );

const issuesOf = ({ report }: Imported): unknown[] =>
  report.issues.map(({ code, model, field, count }) => [
    code,
    model,
    ...(field ? [field] : []),
    count,
  ]);

const browser = (cookie?: string): AuthSession => {
  const kept = cookie === undefined ? [] : [["better-auth.session_token", cookie] as const];
  return openAuthSession(host.siteUrl, ORIGIN, new Map(kept));
};

async function signIn({ email, password }: Person) {
  const opened = browser();
  const { status, body } = await opened.post("/sign-in/email", { email, password });
  return { opened, status, body, id: (body?.["user"] as { id?: string } | undefined)?.id };
}

/** The user that Convex functions see, by the token that the browser gets. */
async function query(opened: AuthSession, name: string): Promise<unknown> {
  const client = new ConvexHttpClient(host.url, { logger: false });
  client.setAuth((await opened.token(true)) ?? "");
  return client.query(makeFunctionReference<"query">(name), {});
}

async function rowsOf(model: string, userId: string): Promise<Record<string, unknown>[]> {
  const client = new ConvexHttpClient(host.url, { logger: false });
  const reference = makeFunctionReference<"query">("rows:ofUser");
  return (await client.query(reference, { model, userId })) as Record<string, unknown>[];
}

/** Signs in with the passkey that somebody has brought along. */
async function byPasskey({ passkeys }: Person) {
  const credentialsRepository = new PasskeysCredentialsMemoryRepository();
  for (const one of passkeys)
    credentialsRepository.saveCredential(deserializeCredential(JSON.stringify(one)));
  const authenticator = new WebAuthnEmulator(new AuthenticatorEmulator({ credentialsRepository }));
  const opened = browser();
  const { body } = await opened.get("/passkey/generate-authenticate-options");
  const response = authenticator.getJSON(ORIGIN, { allowCredentials: [], ...body } as never);
  const { status } = await opened.post("/passkey/verify-authentication", { response });
  return { opened, status };
}

it("a deployment that lacks the session takes its cookie away: routes open after the import", async () => {
  const { ada } = peopleOf("cba") as Record<"ada", Person>;
  const early = browser(ada.session);
  expect((await early.get("/get-session")).body).toBeNull();
  expect(early.cookie("better-auth.session_token")).toBeUndefined();
});

describe("from @convex-dev/better-auth", () => {
  const { ada, bob, carol, dan, eve, frank } = peopleOf("cba") as Record<
    "ada" | "bob" | "carol" | "dan" | "eve" | "frank",
    Person
  >;
  let first: Imported;
  beforeAll(async () => {
    first = await imported("cba", "cba.zip");
  });

  it("the report counts everything, and names what stays behind", async () => {
    expect(first).toMatchObject({ code: 0, report: { complete: true } });
    expect(countsOf(first)).toEqual({
      user: [6, 0, 0],
      organization: [1, 0, 0],
      team: [2, 0, 0],
      account: [7, 0, 0],
      invitation: [2, 0, 0],
      member: [2, 0, 0],
      passkey: [1, 0, 0],
      session: [6, 0, 0],
      teamMember: [1, 0, 0],
      twoFactor: [1, 0, 0],
    });
    expect(issuesOf(first)).toEqual([["SIGNING_KEY", "jwks", 1]]);
  });

  it("a second time changes nothing", async () => {
    const again = await imported("cba", "cba.zip");
    const expected = Object.entries(countsOf(first)).map(([model, [created]]) => [
      model,
      [0, created, 0],
    ]);
    expect(Object.entries(countsOf(again))).toEqual(expected);
  });

  it("passwords fit, also those with letters that have several forms", async () => {
    for (const person of [ada, bob, eve, frank])
      expect(await signIn(person)).toMatchObject({ status: 200, id: person.id });
    expect(await signIn({ ...ada, password: "another" })).toMatchObject({ status: 401 });
  });

  it("the cookie of a session goes on, and its token is one that Convex takes", async () => {
    for (const person of [ada, carol, frank])
      expect(await query(browser(person.session), "auth:me")).toMatchObject({
        _id: person.id,
        email: person.email,
      });
  });

  it("ids in the app's tables are those of the users", async () => {
    const client = new ConvexHttpClient(host.url, { logger: false });
    await client.mutation(makeFunctionReference<"mutation">("notes:add"), {
      owner: ada.id,
      text: "written there",
    });
    expect(await query(browser(ada.session), "notes:mine")).toEqual(["written there"]);
    expect(await query(browser(bob.session), "notes:mine")).toEqual([]);
  });

  it("fields of the app come along, and the id that users of old versions have beside theirs", async () => {
    expect(await rowsOf("user", ada.id)).toMatchObject([{ plan: "pro" }]);
    expect(await rowsOf("user", frank.id)).toMatchObject([{ userId: "the app's own id of Frank" }]);
  });

  it("a code of the authenticator app is taken, and a backup code once", async () => {
    const { opened, body } = await signIn(dan);
    expect(body).toMatchObject({ twoFactorRedirect: true });
    const code = await generate({ secret: dan.totpSecret });
    expect((await opened.post("/two-factor/verify-totp", { code })).status).toBe(200);
    expect(await query(opened, "auth:me")).toMatchObject({ _id: dan.id });
    const backup = { code: dan.backupCodes[0] };
    const again = await signIn(dan);
    expect((await again.opened.post("/two-factor/verify-backup-code", backup)).status).toBe(200);
    const third = await signIn(dan);
    expect((await third.opened.post("/two-factor/verify-backup-code", backup)).status).toBe(401);
  });

  it("a passkey signs in", async () => {
    const { opened, status } = await byPasskey(eve);
    expect(status).toBe(200);
    expect(await query(opened, "auth:me")).toMatchObject({ _id: eve.id });
  });

  it("organizations have their members, teams and open invitations", async () => {
    const owner = browser(ada.session);
    const { body } = await owner.get(
      `/organization/get-full-organization?organizationId=${ada.organizationId}`,
    );
    const members = (body?.["members"] ?? []) as { userId: string; role: string }[];
    expect(members.map(({ userId, role }) => [userId, role])).toEqual([
      [ada.id, "owner"],
      [bob.id, "admin"],
    ]);
    const { body: teams } = await owner.get(
      `/organization/list-teams?organizationId=${ada.organizationId}`,
    );
    expect(teams).toMatchObject([{ name: "Engines" }, { name: "Mills" }]);
    const invited = browser(carol.session);
    const { invitationId } = ada;
    expect((await invited.post("/organization/accept-invitation", { invitationId })).status).toBe(
      200,
    );
  });

  it.each([
    ["who has no password", carol],
    ["who has linked it", frank],
  ])("a social provider brings back the same user, %s", async (_, person) => {
    const opened = browser();
    const { body } = await opened.post("/sign-in/social", {
      provider: "loopback",
      callbackURL: ORIGIN,
    });
    const back = await provider.authorize(new URL(String(body?.["url"])), person.email);
    await opened.get(`${back.pathname.replace("/api/auth", "")}${back.search}`);
    expect(await query(opened, "auth:me")).toMatchObject({ _id: person.id });
  });
});

describe("from Convex Auth", () => {
  const { grace, heinz } = peopleOf("convex-auth") as Record<"grace" | "heinz", Person>;
  let first: Imported;
  const { jonas, kim } = peopleOf("convex-auth-2") as Record<"jonas" | "kim", Person>;
  beforeAll(async () => {
    first = await imported("convex-auth", "convex-auth.zip");
    await imported("convex-auth", "convex-auth-2.zip");
  });

  it("an address that is written in lower case is reported", () => {
    expect(issuesOf(first)).toContainEqual(["EMAIL_LOWERCASE", "user", "email", 1]);
  });

  it("passwords of 0.0.x fit, however the address was written", async () => {
    for (const person of [grace, heinz])
      expect(await signIn(person)).toMatchObject({ status: 200 });
  });

  it("the token's subject is the user's id alone", async () => {
    const { opened, id } = await signIn(grace);
    const [, claims = ""] = ((await opened.token(true)) ?? "").split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ sub: id });
  });

  it("a passkey of 2 with a bare key signs in", async () => {
    const { opened, status } = await byPasskey(kim);
    expect(status).toBe(200);
    expect(await query(opened, "auth:me")).toMatchObject({ _id: kim.id, name: "Kim" });
  });

  it("an Argon2 hash of 2 fits", async () => {
    expect(await signIn(jonas)).toMatchObject({ status: 200, id: jonas.id });
  });
});

describe("from Clerk", () => {
  const { lin, mo } = peopleOf("clerk") as Record<"lin" | "mo", Person>;
  beforeAll(() => imported("clerk", "clerk"));

  it("bcrypt hashes fit", async () => {
    expect(await signIn(lin)).toMatchObject({ status: 200, id: lin.id });
  });

  it("social accounts are those of the same users", async () => {
    expect(await rowsOf("account", mo.id)).toMatchObject([
      { providerId: "github", accountId: "9919" },
    ]);
  });
});

describe("from Better Auth on SQLite", () => {
  const { nora } = peopleOf("better-auth") as Record<"nora", Person>;
  beforeAll(() => imported("better-auth", "better-auth"));

  it("passwords and sessions go on, and organizations", async () => {
    expect(await signIn(nora)).toMatchObject({ status: 200, id: nora.id });
    const opened = browser(nora.session);
    expect(await query(opened, "auth:me")).toMatchObject({ _id: nora.id, emailVerified: false });
    expect((await opened.get("/organization/list")).body).toMatchObject([{ slug: "looms" }]);
  });
});
