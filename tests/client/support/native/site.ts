/** The deployment of the tests of Expo: its site, its functions, and what they have stored. */
import { expo } from "@better-auth/expo";
import { expect, vi } from "vitest";
import { asPlugin } from "../../../matrix/support/as-plugin.js";
import { twoOriginApp } from "../../../plugins/two-origins/support.js";
import { memoryServer, refusal } from "../memory-socket.js";
import type { NativeApp } from "./device.js";

/** Makes a deployment whose query is for whoever is signed in. */
export function expoSite() {
  const { auth, tables } = twoOriginApp({
    plugins: [asPlugin(expo())],
    options: { trustedOrigins: ["myapp://"] },
  });
  const socket = memoryServer();
  const isLive = (id: string): boolean => (tables["session"] ?? []).some((row) => row["id"] === id);
  socket.answer = (name, id) => {
    if (name === "auth:sessionState")
      return id === null ? null : { sessionId: id, live: isLive(id) };
    return id !== null && isLive(id) ? "secret" : refusal;
  };
  return { auth, tables, socket };
}

export const until = (app: NativeApp, text: string): Promise<void> =>
  vi.waitFor(() => expect(app.shown.at(-1)).toBe(text), { timeout: 8_000, interval: 10 });
export const rest = (ms = 150): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
