import { captcha } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

const secretKey = "the site's secret";

export const sets: ServerSets = {
  captcha: { plugins: () => [captcha({ provider: "cloudflare-turnstile", secretKey })] },
  "captcha:elsewhere": {
    plugins: () => [
      captcha({
        provider: "cloudflare-turnstile",
        secretKey,
        endpoints: ["/update-user"],
      }),
    ],
  },
};
