/** A fake: stands for the mail and SMS services that an app's callbacks talk to. */
import { serveJson } from "./serve.js";

/** What was sent to whom. */
export interface Mailbox {
  url: string;
  /** The newest message to an address, which is taken out; fails when there is none. */
  take(to: string): Record<string, string>;
  /** How many messages wait for an address. */
  count(to: string): number;
  close(): Promise<void>;
}

/** Starts a mailbox on the loopback interface. */
export async function openMailbox(): Promise<Mailbox> {
  const messages: { to: string; message: Record<string, string> }[] = [];
  const { url, close } = await serveJson(async (request) => {
    messages.unshift((await request.json()) as (typeof messages)[number]);
    return Response.json({});
  });
  return {
    url,
    close,
    take(to) {
      const index = messages.findIndex((each) => each.to === to);
      const [found] = index < 0 ? [] : messages.splice(index, 1);
      if (!found) throw new Error(`nothing was sent to ${to}`);
      return found.message;
    },
    count: (to) => messages.filter((each) => each.to === to).length,
  };
}
