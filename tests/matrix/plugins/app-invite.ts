import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const scans = { inherent: "the plugin marks no index on `email`" };
const password = "correct horse battery";

export const appInvite: MatrixPlugin = definePlugin({
  name: "app-invite",
  package: "@better-auth-kit/app-invite",
  lines: `import { appInvite } from "@better-auth-kit/app-invite";

plugins: [
  convex({ authConfig }),
  // @ts-expect-error: its types are of an older Better Auth
  appInvite({ sendInvitationEmail: ({ id, email }) => sendMail(email, id) }),
]`,
  notes: "A plugin of others, unmodified. It brings the table `appInvitation`.",
  cases: [
    {
      name: "invites somebody, who accepts and is signed in",
      path: "happy",
      async run(t) {
        const host = await t.person("host");
        const email = `${t.unique("invited")}@example.com`;
        const invited = await host.post("/invite-user", { name: "Guest", email }, scans);
        expect(invited.status).toBe(200);
        const { id } = t.mailbox.take(email);
        const shown = await t.browser().get(`/get-app-invitation?id=${id}`);
        expect(shown.body).toMatchObject({ email, inviterEmail: host.email });
        const guest = t.browser();
        const body = { invitationId: id, password };
        expect((await guest.post("/accept-invitation", body)).status).toBe(200);
        expect(await t.me(guest)).toMatchObject({ email, name: "Guest", emailVerified: true });
      },
    },
    {
      name: "invites twice, and an invitation that was accepted",
      path: "failure",
      async run(t) {
        const host = await t.person("host");
        const email = `${t.unique("invited")}@example.com`;
        await host.post("/invite-user", { name: "Guest", email }, scans);
        expect((await host.post("/invite-user", { name: "Guest", email }, scans)).status).toBe(400);
        const body = { invitationId: t.mailbox.take(email)["id"], password };
        expect((await t.browser().post("/accept-invitation", body)).status).toBe(200);
        expect((await t.browser().post("/accept-invitation", body)).status).toBe(400);
      },
    },
  ],
});
