/** A fake: answers the few requests that the plugin makes of Stripe's API, and signs webhooks as Stripe does. */
import Stripe from "stripe";
import type { Party } from "../support/plugin.js";
import { serveJson } from "../support/serve.js";

/** What a webhook tells of. */
export interface StripeEvent {
  type: string;
  object: unknown;
}

/** The fake and what it holds. */
export interface FakeStripe extends Party {
  /** The newest checkout session. */
  checkout(): { id: string; metadata: Record<string, string>; client_reference_id: string };
  /** Where the newest checkout and the newest visit of the portal lead when they are over, by Stripe's names. */
  ways(): { success_url: string; cancel_url: string; return_url: string };
  /** Pays for the newest checkout session: a subscription comes to be. */
  pay(): string;
  /** The body and the signature of a webhook. */
  webhook(event: StripeEvent): Promise<{ body: unknown; signature: string }>;
}

const WEBHOOK_SECRET = "whsec_of_the_tests";

/** Starts it. */
export async function startStripe(): Promise<FakeStripe> {
  let made = 0;
  const objects = new Map<string, Record<string, unknown>>();
  const id = (prefix: string): string => `${prefix}_${String((made += 1))}`;
  const keep = (object: Record<string, unknown> & { id: string }): Record<string, unknown> => {
    objects.set(object.id, object);
    return object;
  };
  const list = (data: unknown[]): unknown => ({ object: "list", data, has_more: false, url: "/" });
  const ways = { success_url: "", cancel_url: "", return_url: "" };
  let checkout: ReturnType<FakeStripe["checkout"]> | undefined;

  function answer(method: string, path: string, form: URLSearchParams): unknown {
    const metadata = Object.fromEntries(
      [...form].flatMap(([name, value]) => {
        const [, key] = /^metadata\[(.+)\]$/.exec(name) ?? [];
        return key === undefined ? [] : [[key, value]];
      }),
    );
    for (const name of Object.keys(ways) as (keyof typeof ways)[])
      ways[name] = form.get(name) ?? ways[name];
    if (path.endsWith("/search")) return { object: "search_result", data: [], has_more: false };
    if (method === "GET") {
      const [, found] = /\/([a-z]+_[^/]+)$/.exec(path) ?? [];
      return found === undefined ? list([]) : objects.get(found);
    }
    if (path === "/v1/customers")
      return keep({ id: id("cus"), object: "customer", email: form.get("email"), metadata });
    if (path === "/v1/billing_portal/sessions")
      return { id: id("bps"), url: "https://billing.example.com/portal" };
    if (path === "/v1/checkout/sessions") {
      checkout = {
        id: id("cs"),
        metadata,
        client_reference_id: form.get("client_reference_id") ?? "",
      };
      return keep({ ...checkout, mode: "subscription", url: "https://checkout.example.com/pay" });
    }
    return undefined;
  }

  const { url, close } = await serveJson(async (request) => {
    const { pathname } = new URL(request.url);
    const body = answer(request.method, pathname, new URLSearchParams(await request.text()));
    return body === undefined
      ? Response.json({ error: { code: "resource_missing", message: pathname } }, { status: 404 })
      : Response.json(body);
  });
  const newest = (): ReturnType<FakeStripe["checkout"]> => {
    if (!checkout) throw new Error("nobody went to the checkout");
    return checkout;
  };
  return {
    env: { STRIPE_URL: url, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
    close,
    checkout: newest,
    ways: () => ways,
    pay() {
      const { id: session } = newest();
      const subscription = {
        id: id("sub"),
        object: "subscription",
        status: "active",
        customer: "cus_1",
        cancel_at_period_end: false,
        items: {
          data: [
            {
              quantity: 1,
              price: { id: "price_pro", recurring: { interval: "month" } },
              current_period_start: 1_700_000_000,
              current_period_end: 1_702_592_000,
            },
          ],
        },
      };
      keep(subscription);
      objects.set(session, { ...objects.get(session), subscription: subscription.id });
      return subscription.id;
    },
    async webhook({ type, object }) {
      const event = { id: id("evt"), object: "event", type, data: { object } };
      const header = await new Stripe("sk_test").webhooks.generateTestHeaderStringAsync({
        payload: JSON.stringify(event),
        secret: WEBHOOK_SECRET,
      });
      return { body: event, signature: header };
    },
  };
}
