import { generateRandomString } from "better-auth/crypto";
import { siwe } from "better-auth/plugins";
import { verifyMessage } from "viem";
import type { ServerSets } from "../support/server-set.js";

const options = {
  domain: "matrix.example.com",
  getNonce: async (): Promise<string> => generateRandomString(32, "a-z", "A-Z", "0-9"),
  verifyMessage: ({
    message,
    signature,
    address,
  }: {
    message: string;
    signature: string;
    address: string;
  }): Promise<boolean> =>
    verifyMessage({
      message,
      address: address as `0x${string}`,
      signature: signature as `0x${string}`,
    }).catch(() => false),
};

export const sets: ServerSets = {
  siwe: { plugins: () => [siwe(options)] },
  "siwe:email": { plugins: () => [siwe({ ...options, anonymous: false })] },
};
