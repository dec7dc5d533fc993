import { expect } from "vitest";
import type { FakeStripe } from "../parties/stripe.js";
import { startStripe } from "../parties/stripe.js";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const pro = { plan: "pro", successUrl: "/done", cancelUrl: "/prices" };

export const stripe: MatrixPlugin = definePlugin<FakeStripe>({
  name: "stripe",
  package: "@better-auth/stripe",
  lines: `import { stripe } from "@better-auth/stripe";
import Stripe from "stripe";

const stripeClient = new Stripe(process.env.STRIPE_SECRET_KEY!, {
  httpClient: Stripe.createFetchHttpClient(),
});

plugins: [
  convex({ authConfig }),
  stripe({ stripeClient, stripeWebhookSecret: process.env.STRIPE_WEBHOOK_SECRET! }),
]`,
  notes:
    "Make the Stripe client inside `createAuth`: reading a variable of the deployment that is not set stops a push. The webhook's address is `https://<deployment>.convex.site/api/auth/stripe/webhook`. Exercised against a fake of Stripe's API that signs as Stripe does.",
  party: () => startStripe(),
  cases: [
    {
      name: "a customer with the sign-up, a subscription by checkout and webhook, cancelled in the portal",
      path: "happy",
      async run(t, party) {
        const ada = await t.person();
        expect(await t.me(ada)).toMatchObject({ stripeCustomerId: expect.stringMatching(/^cus_/) });
        const upgrade = await ada.post("/subscription/upgrade", pro);
        expect(upgrade.body).toMatchObject({ url: "https://checkout.example.com/pay" });
        const { cancel_url, success_url } = party.ways();
        expect(cancel_url).toBe(`${t.site}/prices`);
        const subscription = party.pay();
        const { id } = party.checkout();
        const back = await ada.visit(success_url.replace("{CHECKOUT_SESSION_ID}", id));
        expect(back.location?.href).toBe(`${t.site}/done`);
        expect((await completed(t, party, subscription)).status).toBe(200);
        const { body: list } = await ada.get("/subscription/list");
        expect(list).toMatchObject([
          { plan: "pro", status: "active", stripeSubscriptionId: subscription },
        ]);
        const cancel = await ada.post("/subscription/cancel", { returnUrl: "/account" });
        expect(cancel.body.url).toBe("https://billing.example.com/portal");
        expect(party.ways().return_url).toBe(`${t.site}/account`);
      },
    },
    {
      name: "refuses a webhook that Stripe has not signed, and an unknown plan",
      path: "failure",
      async run(t, party) {
        const ada = await t.person();
        const unknown = await ada.post("/subscription/upgrade", { ...pro, plan: "gold" });
        expect(unknown.body.code).toBe("SUBSCRIPTION_PLAN_NOT_FOUND");
        await ada.post("/subscription/upgrade", pro);
        const forged = await completed(t, party, party.pay(), "t=1,v1=00");
        expect(forged.body.code).toBe("FAILED_TO_CONSTRUCT_STRIPE_EVENT");
        expect((await ada.get("/subscription/list")).body).toEqual([]);
      },
    },
  ],
});

async function completed(t: Tools, party: FakeStripe, subscription: string, forged?: string) {
  const object = { ...party.checkout(), mode: "subscription", subscription };
  const { body, signature } = await party.webhook({ type: "checkout.session.completed", object });
  const headers = { "stripe-signature": forged ?? signature };
  return t.program().post("/stripe/webhook", body, { headers });
}
