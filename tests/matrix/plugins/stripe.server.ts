import { stripe } from "@better-auth/stripe";
import Stripe from "stripe";
import type { Environment, ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  stripe: {
    plugins: (env) => [
      stripe({
        stripeClient: clientOf(env),
        stripeWebhookSecret: env("STRIPE_WEBHOOK_SECRET"),
        createCustomerOnSignUp: true,
        subscription: { enabled: true, plans: [{ name: "pro", priceId: "price_pro" }] },
      }),
    ],
  },
};

function clientOf(env: Environment): Stripe {
  const { hostname, port } = new URL(env("STRIPE_URL"));
  return new Stripe("sk_test", {
    protocol: "http",
    host: hostname,
    port,
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 0,
  });
}
