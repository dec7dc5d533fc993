/**
 * `node tests/host/run.mjs tests/e2e/import/make-convex-auth.ts`: fills the published `@convex-dev/auth` 0.0.x by its own
 * actions and writes `fixtures/convex-auth.zip` and what its people know to `fixtures/convex-auth.json`; and, since no 2 is
 * published, `fixtures/convex-auth-2.zip` and `.json` by its components' schemas.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { convexToJson } from "convex/values";
import { argon2id } from "hash-wasm";
import {
  AuthenticatorEmulator,
  PasskeysCredentialsMemoryRepository,
  WebAuthnEmulator,
  serializeCredential,
} from "nid-webauthn-emulator";
import { bundleApp, startHost } from "../../host/index.js";
import { ORIGIN, fixtures, sources } from "./fixture-files.js";
import { writeExport } from "./write-export.js";

await makeFirst();
await makeSecond();

async function makeFirst(): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { use: "sig", alg: "RS256", ...publicKey.export({ format: "jwk" }) };
  const lines: string[] = [];
  const host = await startHost({
    pushRequest: await bundleApp(join(sources, "convex-auth")),
    env: {
      JWT_PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      JWKS: JSON.stringify({ keys: [jwk] }),
      SITE_URL: ORIGIN,
    },
    log: (line) => lines.push(line),
  });
  try {
    const client = new ConvexHttpClient(host.url, { logger: false });
    const signIn = async (provider: string, params: Record<string, string>): Promise<void> => {
      // The local host has no global `CryptoKey`, which the session's token needs: user and account are there by then.
      await client
        .action(makeFunctionReference<"action">("auth:signIn"), { provider, params })
        .catch((error: unknown) => {
          if (!String(error).includes("'instanceof'")) throw error;
        });
    };
    // Addresses are kept as they are typed there.
    const people = {
      grace: { email: "Grace@Example.com", name: "Grace", password: "the password of Grace" },
      heinz: {
        email: "heinz@example.com",
        name: "Heinz",
        password: "pa\u0308sswo\u0308rd \ufb01ne",
      },
    };
    for (const person of Object.values(people))
      await signIn("password", { ...person, flow: "signUp" });
    await signIn("anonymous", {});
    await client.mutation(makeFunctionReference<"mutation">("auth:signInWithGitHub"), {
      providerAccountId: "583231",
      name: "Ida",
      email: "ida@example.com",
      emailVerificationTime: 1_790_000_000_000,
    });
    const tables = ["users", "authAccounts", "authSessions"];
    const documents: Record<string, Record<string, unknown>[]> = {};
    for (const table of tables) {
      const reference = makeFunctionReference<"query">("auth:documents");
      documents[table] = (await client.query(reference, { table })) as Record<string, unknown>[];
    }
    writeExport(join(fixtures, "convex-auth.zip"), { "": documents });
    writeJson("convex-auth", people);
    for (const [table, rows] of Object.entries(documents)) console.log(table, rows.length);
  } catch (error) {
    for (const line of lines) console.error(line);
    throw error;
  } finally {
    await host.close();
  }
}

/** A row of each kind, with a hash and a key that the real things made. */
async function makeSecond(): Promise<void> {
  const password = "the password of Jonas";
  const passwordHashPHC = await argon2id({
    password,
    salt: randomBytes(16),
    // Those of its password component.
    parallelism: 1,
    iterations: 2,
    memorySize: 19_456,
    hashLength: 32,
    outputType: "encoded",
  });
  const repository = new PasskeysCredentialsMemoryRepository();
  const authenticator = new WebAuthnEmulator(
    new AuthenticatorEmulator({ credentialsRepository: repository }),
  );
  const made = authenticator.createJSON(ORIGIN, {
    rp: { id: "localhost", name: "localhost" },
    user: { id: "aGFuZGxl", name: "kim", displayName: "kim" },
    challenge: randomBytes(32).toString("base64url"),
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  } as never);
  // The point is what follows the marks of the two coordinates in the COSE key, which is the end of the authenticator's data.
  const data = Buffer.from(made.response.authenticatorData ?? "", "base64url");
  const [y, x] = [data.subarray(-32), data.subarray(-67, -35)];
  const at = { _creationTime: 1_790_000_000_000.5 };
  const buffer = (bytes: Uint8Array): unknown => convexToJson(Uint8Array.from(bytes).buffer);
  writeExport(join(fixtures, "convex-auth-2.zip"), {
    "": {
      users: [
        { _id: "jonas-of-the-app", ...at, email: "jonas@example.com", name: "Jonas" },
        { _id: "kim-of-the-app", ...at, plan: "pro" },
      ],
    },
    auth: {
      accounts: [
        {
          _id: "a1",
          ...at,
          provider: "password",
          providerAccountId: "jonas",
          userId: "jonas-of-the-app",
        },
        {
          _id: "a2",
          ...at,
          provider: "google",
          providerAccountId: "1093",
          userId: "jonas-of-the-app",
        },
        {
          _id: "a3",
          ...at,
          provider: "passkey",
          providerAccountId: "kim",
          userId: "kim-of-the-app",
        },
      ],
      sessions: [
        {
          _id: "s1",
          ...at,
          userId: "jonas-of-the-app",
          accountId: "a1",
          refreshTokenHash: "0".repeat(64),
          refreshTokenExpiresAt: 3_000_000_000_000,
          lastRefreshedAt: 1_790_000_000_000,
        },
      ],
    },
    authPassword: {
      passwords: [{ _id: "p1", ...at, userId: "jonas-of-the-app", passwordHashPHC }],
    },
    authUsername: {
      usernames: [
        { _id: "u1", ...at, userId: "kim-of-the-app", username: "Kim", usernameNormalized: "kim" },
      ],
    },
    authPasskey: {
      passkeys: [
        {
          _id: "k1",
          ...at,
          userId: "kim-of-the-app",
          name: "Phone",
          algorithm: "ES256",
          credentialId: buffer(Buffer.from(made.id, "base64url")),
          publicKey: buffer(Buffer.concat([Uint8Array.of(4), x, y])),
          counter: 0,
        },
      ],
    },
  });
  writeJson("convex-auth-2", {
    jonas: { id: "jonas-of-the-app", email: "jonas@example.com", password },
    kim: {
      id: "kim-of-the-app",
      passkeys: repository
        .loadCredentials()
        .map((one) => JSON.parse(serializeCredential(one)) as unknown),
    },
  });
}

function writeJson(name: string, value: unknown): void {
  writeFileSync(join(fixtures, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
}
