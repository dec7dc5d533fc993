import { createHash, createHmac } from "node:crypto";
import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const scans = { inherent: "the plugin marks no index on `telegramId`" };

/** What Telegram's login widget hands to the page, signed with the bot's token. */
function signed(id: number, token = "123456:the-bot-of-the-matrix"): Record<string, unknown> {
  const data: Record<string, string | number> = {
    id,
    first_name: "Ada",
    username: `ada${String(id)}`,
    auth_date: Math.floor(Date.now() / 1000),
  };
  const text = Object.keys(data)
    .sort()
    .map((key) => `${key}=${String(data[key])}`)
    .join("\n");
  const key = createHash("sha256").update(token).digest();
  return { ...data, hash: createHmac("sha256", key).update(text).digest("hex") };
}

export const telegram: MatrixPlugin = definePlugin({
  name: "telegram",
  package: "better-auth-telegram",
  lines: `import { telegram } from "better-auth-telegram";

plugins: [
  convex({ authConfig }),
  telegram({ botToken: process.env.TELEGRAM_TOKEN!, botUsername: "my_bot" }),
]`,
  notes: "A plugin of others, unmodified. It brings fields of the user and of the account.",
  cases: [
    {
      name: "signs up, signs in again, is linked to an account",
      path: "happy",
      async run(t) {
        const id = Number(t.unique("9").slice(0, -1));
        const browser = t.browser();
        expect((await browser.post("/telegram/signin", signed(id), scans)).status).toBe(200);
        const me = await t.me(browser);
        expect(me).toMatchObject({ telegramId: String(id), name: "Ada" });
        const again = t.browser();
        expect((await again.post("/telegram/signin", signed(id), scans)).status).toBe(200);
        expect((await t.me(again))?.["id"]).toBe(me?.["id"]);
        const person = await t.person("linked");
        const other = id * 1000;
        expect((await person.post("/telegram/link", signed(other), scans)).status).toBe(200);
        expect(await t.me(person)).toMatchObject({ telegramId: String(other) });
      },
    },
    {
      name: "data that another bot signed, and an account that is linked elsewhere",
      path: "failure",
      async run(t) {
        const id = Number(t.unique("8").slice(0, -1));
        const forged = await t.browser().post("/telegram/signin", signed(id, "1:other"), scans);
        expect(forged.status).toBe(401);
        expect((await t.browser().post("/telegram/signin", signed(id), scans)).status).toBe(200);
        const person = await t.person("linked");
        expect((await person.post("/telegram/link", signed(id), scans)).status).toBe(409);
      },
    },
  ],
});
