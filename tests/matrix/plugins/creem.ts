import { createHmac } from "node:crypto";
import { expect } from "vitest";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const scans = { inherent: "the plugin marks no index on `referenceId`" };

/** What Creem sends when somebody has paid. */
function paid(t: Tools, userId: string, status: string) {
  const now = new Date().toISOString();
  const end = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const customer = { id: t.unique("cust"), object: "customer", email: "ada@example.com" };
  const product = { id: "prod_1", object: "product", name: "Pro" };
  return {
    id: t.unique("evt"),
    eventType: "checkout.completed",
    created_at: Date.now(),
    object: {
      id: t.unique("ch"),
      object: "checkout",
      status: "completed",
      customer,
      product,
      order: { id: t.unique("ord"), object: "order" },
      subscription: {
        id: t.unique("sub"),
        object: "subscription",
        status,
        current_period_start_date: now,
        current_period_end_date: end,
      },
      metadata: { referenceId: userId },
    },
  };
}

async function send(t: Tools, event: object, secret = "the webhook's secret") {
  const body = JSON.stringify(event);
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return t.program().post("/creem/webhook", event, {
    headers: { "creem-signature": signature },
    inherent: "the plugin marks no index on `creemSubscriptionId`",
  });
}

export const creem: MatrixPlugin = definePlugin({
  name: "creem",
  package: "@creem_io/better-auth",
  lines: `import { creem } from "@creem_io/better-auth";

plugins: [
  convex({ authConfig }),
  creem({ apiKey: process.env.CREEM_KEY!, webhookSecret: process.env.CREEM_SECRET! }),
]`,
  notes:
    "A plugin of others, unmodified. It brings the table `creem_subscription` with nine fields and two fields of the user. Tested with webhooks as Creem sends them; Creem's own service is not called.",
  cases: [
    {
      name: "a payment opens a subscription, which gives access",
      path: "happy",
      async run(t) {
        const person = await t.person("buyer");
        expect((await person.get("/creem/has-access-granted", scans)).text).not.toContain(
          '"hasAccessGranted":true',
        );
        expect((await send(t, paid(t, person.id, "active"))).status).toBe(200);
        expect((await person.get("/creem/has-access-granted", scans)).text).toContain(
          '"hasAccessGranted":true',
        );
        expect(await t.me(person)).toHaveProperty("creemCustomerId");
      },
    },
    {
      name: "a webhook that somebody else signed",
      path: "failure",
      async run(t) {
        const person = await t.person("buyer");
        const forged = await send(t, paid(t, person.id, "active"), "a guess");
        expect(forged.body).toEqual({ error: "Invalid signature" });
        expect((await person.get("/creem/has-access-granted", scans)).text).not.toContain(
          '"hasAccessGranted":true',
        );
      },
    },
  ],
});
