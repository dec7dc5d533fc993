import type { PrivateKeyAccount } from "viem/accounts";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { expect } from "vitest";
import type { Browser } from "../support/browser.js";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

/** What a wallet does: signs the message that the page shows. */
async function signIn(browser: Browser, wallet: PrivateKeyAccount, more: object = {}, chainId = 1) {
  const { nonce } = (await browser.post("/siwe/nonce")).body;
  const message = createSiweMessage({
    address: wallet.address,
    chainId,
    domain: "matrix.example.com",
    nonce,
    uri: "https://matrix.example.com/login",
    version: "1",
  });
  const body = { message, signature: await wallet.signMessage({ message }), ...more };
  return { body, answer: await browser.post("/siwe/verify", body) };
}

export const siwe: MatrixPlugin = definePlugin({
  name: "siwe",
  package: "better-auth",
  lines: `import { generateRandomString } from "better-auth/crypto";
import { siwe } from "better-auth/plugins";
import { verifyMessage, type Hex } from "viem";

plugins: [
  convex({ authConfig }),
  siwe({
    domain: "app.example.com",
    getNonce: async () => generateRandomString(32, "a-z", "A-Z", "0-9"),
    verifyMessage: ({ message, signature, address }) => verifyMessage({ message, signature: signature as Hex, address: address as Hex }),
  }),
]`,
  notes: "Runs in Convex's own runtime, `viem` included.",
  cases: [
    {
      name: "a wallet signs up, signs in again and on another chain",
      path: "happy",
      async run(t) {
        const wallet = privateKeyToAccount(generatePrivateKey());
        const browser = t.browser();
        const first = await signIn(browser, wallet);
        expect(first.answer.status).toBe(200);
        const me = await t.me(browser);
        expect(me?.["id"]).toBe(first.answer.body.user.id);
        const second = await signIn(t.browser(), wallet);
        expect(second.answer.body.user.id).toBe(me?.["id"]);
        const polygon = await signIn(t.browser(), wallet, {}, 137);
        expect(polygon.answer.body.user.id).toBe(me?.["id"]);
      },
    },
    {
      name: "with an address for mail",
      path: "happy",
      sets: ["siwe:email"],
      async run(t) {
        const email = `${t.unique("wallet")}@example.com`;
        const browser = t.browser();
        const { answer } = await signIn(browser, privateKeyToAccount(generatePrivateKey()), {
          email,
        });
        expect(answer.status).toBe(200);
        expect(await t.me(browser)).not.toBeNull();
      },
    },
    {
      name: "a nonce that was used, and another wallet's signature",
      path: "failure",
      async run(t) {
        const wallet = privateKeyToAccount(generatePrivateKey());
        const browser = t.browser();
        const { body } = await signIn(t.browser(), wallet);
        const replayed = await browser.post("/siwe/verify", body);
        expect(replayed.body.code).toBe("UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE");
        const thief = privateKeyToAccount(generatePrivateKey());
        const signature = await thief.signMessage({ message: "anything" });
        expect((await signIn(browser, wallet, { signature })).answer.status).toBe(401);
        expect(await t.me(browser)).toBeNull();
      },
    },
  ],
});
