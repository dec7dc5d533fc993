import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const keys = { inherent: "reads its key set, 100 keys at most" };

export const jwt: MatrixPlugin = definePlugin({
  name: "jwt",
  package: "better-auth",
  lines: `import { jwt } from "better-auth/plugins";

plugins: [convex({ authConfig }), jwt()]`,
  notes:
    "For the app's own services; Convex does not need it. Its keys, issuer and endpoints are its own: `convex()` has others and touches neither `/token` nor `/jwks`.",
  cases: [
    {
      name: "gives a token that its own key set verifies",
      path: "happy",
      async run(t) {
        const person = await t.person("jwt");
        // The first key of an algorithm is made by whoever asks first.
        await t.browser().get("/jwks", { uncounted: true });
        const { body } = await person.get("/token", keys);
        const set = await t.browser().get("/jwks", keys);
        expect(set.body.keys[0]).toMatchObject({ alg: "EdDSA" });
        expect(set.text).not.toContain('"d"');
        const { payload } = await jwtVerify(body.token, createLocalJWKSet(set.body));
        expect(payload).toMatchObject({ sub: person.id, email: person.email });
        const session = await person.get("/get-session", keys);
        expect(session.headers.get("set-auth-jwt")?.split(".")).toHaveLength(3);
        expect(await t.me(person)).toMatchObject({ id: person.id });
        const ours = decodeProtectedHeader((await person.token()) ?? "");
        expect(ours.alg).toBe("RS256");
        expect(set.body.keys.map(({ kid }: { kid: string }) => kid)).not.toContain(ours.kid);
      },
    },
    {
      name: "its options are honoured beside convex()",
      path: "happy",
      sets: ["jwt:options"],
      async run(t) {
        const person = await t.person("jwt");
        await person.get("/token", { uncounted: true });
        const { body } = await person.get("/token", keys);
        const set = await t.browser().get("/.well-known/jwks.json", keys);
        const { payload, protectedHeader } = await jwtVerify(
          body.token,
          createLocalJWKSet(set.body),
          { issuer: "https://app.example.com", audience: "the app's own services" },
        );
        expect(protectedHeader.alg).toBe("ES256");
        expect(payload["mail"]).toBe(person.email);
        expect(await t.me(person)).toMatchObject({ id: person.id });
      },
    },
    {
      name: "nobody is signed in",
      path: "failure",
      async run(t) {
        expect((await t.browser().get("/token")).status).toBe(401);
      },
    },
  ],
});
