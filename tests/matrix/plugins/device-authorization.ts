import { expect } from "vitest";
import type { Browser } from "../support/browser.js";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

function poll(tv: Browser, code: string) {
  return tv.post("/device/token", {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: code,
    client_id: "tv",
  });
}

export const deviceAuthorization: MatrixPlugin = definePlugin({
  name: "device-authorization",
  package: "better-auth",
  lines: `import { deviceAuthorization } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  deviceAuthorization({ verificationUri: "/device", validateClient: (id) => id === "tv" }),
]`,
  notes:
    "Device and user codes are unique in the component, so of two devices with one code the second tries another.",
  cases: [
    {
      name: "a device is approved and gets a session",
      path: "happy",
      async run(t) {
        const tv = t.program();
        const { body: codes } = await tv.post("/device/code", { client_id: "tv" });
        expect(codes.user_code).toHaveLength(8);
        expect(codes.verification_uri).toBe(`${t.site}/device`);
        const person = await t.person("viewer");
        const shown = await person.get(`/device?user_code=${codes.user_code}`);
        expect(shown.body.status).toBe("pending");
        const approved = await person.post("/device/approve", { userCode: codes.user_code });
        expect(approved.status).toBe(200);
        const token = await poll(tv, codes.device_code);
        expect(token.status).toBe(200);
        expect(token.body.token_type).toBe("Bearer");
        expect((await poll(tv, codes.device_code)).body.error).toBe("invalid_grant");
      },
    },
    {
      name: "pending, asked too often, denied, an unknown client",
      path: "failure",
      sets: ["device-authorization:short"],
      async run(t) {
        const tv = t.program();
        const { body: codes } = await tv.post("/device/code", { client_id: "tv" });
        expect(codes.user_code).toHaveLength(4);
        expect((await poll(tv, codes.device_code)).body.error).toBe("authorization_pending");
        expect((await poll(tv, codes.device_code)).body.error).toBe("slow_down");
        const person = await t.person("viewer");
        const { body: denied } = await tv.post("/device/code", { client_id: "tv" });
        await person.get(`/device?user_code=${denied.user_code}`);
        await person.post("/device/deny", { userCode: denied.user_code });
        expect((await poll(tv, denied.device_code)).body.error).toBe("access_denied");
        const unknown = await tv.post("/device/code", { client_id: "fridge" });
        expect(unknown.body.error).toBe("invalid_client");
      },
    },
  ],
});
