/** What the documents say to native apps that no compiler can know. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { codeOf } from "./support/app.js";
import { repository, textOf } from "./support/blocks.js";

const native = [...codeOf("docs/expo.md"), ...codeOf("docs/client.md", "React Native")];

it("has nothing that Hermes does not compile", () => {
  expect(native.length).toBeGreaterThan(7);
  expect(native.filter(({ code }) => code.includes("import.meta"))).toEqual([]);
});

it("leads to pages that the app has", () => {
  const to = native.flatMap(({ code }) =>
    [...code.matchAll(/callbackURL: "([^"]+)"/g)].map(([, path]) => path),
  );
  expect(to).toEqual(["/"]);
  expect(native.map(({ file }) => file)).toContain("app/index.tsx");
});

it("follows the link that starts the app, too", () => {
  const links = native.find(({ file }) => file === "src/lib/deep-links.ts");
  expect(links?.code).toContain("getInitialURL()");
});

it("asks for an Expo that has the packages of Better Auth's plugin", () => {
  const manifest = join(repository, "node_modules/@better-auth/expo/package.json");
  const { peerDependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  // expo-network 8.0.7 is that of Expo 54.
  expect(peerDependencies["expo-network"]).toBe(">=8.0.7");
  expect(textOf("docs/expo.md")).toContain("with Expo 54 or newer");
});
