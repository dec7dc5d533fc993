/** How `doctor` reads an app's files: what it takes for a comment, and what for code. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withoutComments } from "../../js/cli/comments.js";
import { APP, buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
});
beforeEach(() => {
  for (const [path, text] of Object.entries(APP)) cli.write(path, text);
});
afterAll(() => cli.remove());

/** What is found of the files alone, but for what is fine. */
async function faults(): Promise<string[]> {
  const { out } = await cli.run(["doctor", "--offline"], { env: goodEnv });
  return out.split("\n").filter((line) => /^(error|warning)/.test(line));
}

it("a text with the marks of a comment hides no code", async () => {
  cli.write(
    "convex/auth.ts",
    `import { convex, crossDomain } from "convex-gate/plugins";
export const createAuth = (ctx) =>
  betterAuth({
    trustedOrigins: ["https://*.example.com", "exp://**"],
    plugins: [crossDomain(), convex({ authConfig })],
  });

/** Who is signed in. */
export const me = query({});`,
  );
  expect(await faults()).toEqual([]);
});

it("a part that only a comment names is missing", async () => {
  cli.write(
    "convex/auth.ts",
    `import { crossDomain } from "convex-gate/plugins";
const origins = ["https://*.example.com"]; // convex() comes later
betterAuth({ plugins: [crossDomain() /* , convex({ authConfig }) */] });`,
  );
  expect(await faults()).toEqual([expect.stringContaining("CONVEX_PLUGIN: is missing")]);
});

describe("the client's baseURL", () => {
  const client = (baseURL: string): void =>
    cli.write(
      "src/auth-client.ts",
      `createAuthClient({\n  baseURL: ${baseURL},\n  plugins: [crossDomainClient(), convexClient()],\n});`,
    );

  it.each([
    'import.meta.env.VITE_CONVEX_URL.replace(".cloud", ".site")',
    'import.meta.env.VITE_CONVEX_URL\n    .replace(".cloud", ".site")',
    'import.meta.env.VITE_CONVEX_URL!.replace(".cloud", ".site")',
    'import.meta.env.VITE_CONVEX_URL?.replace(".cloud", ".site")',
    '(import.meta.env.VITE_CONVEX_URL as string).replace(".cloud", ".site")',
    '`${import.meta.env.VITE_CONVEX_URL}`.replace(".cloud", ".site")',
    "siteOf(import.meta.env.VITE_CONVEX_URL)",
  ])("may be made of the client's address: %s", async (baseURL) => {
    client(baseURL);
    const found = await faults();
    expect(found.filter((line) => line.includes(" CLIENT: "))).toEqual([]);
  });

  it.each([
    "import.meta.env.VITE_CONVEX_URL",
    'import.meta.env["VITE_CONVEX_URL"]',
    "import.meta.env.VITE_CONVEX_URL!",
    "import.meta.env.VITE_CONVEX_URL as string",
    'import.meta.env.VITE_CONVEX_URL ?? ""',
    "`${import.meta.env.VITE_CONVEX_URL}/api/auth`",
  ])("may not be that address: %s", async (baseURL) => {
    client(baseURL);
    expect(await faults()).toContainEqual(
      expect.stringContaining("has VITE_CONVEX_URL as its baseURL"),
    );
  });
});

describe("comments", () => {
  it.each([
    ["a(); /* gone */ b();", "a();  b();"],
    ["a(); // gone\nb();", "a(); \nb();"],
    ["/** gone\n * it's `gone` */ a();", " a();"],
    ["// don't\na('x'); // can't\nb();", "\na('x'); \nb();"],
    ["<p>{/* gone */}</p>", "<p>{}</p>"],
    ["<Foo x={1} /> {/* gone */}", "<Foo x={1} /> {}"],
    ["`${a /* gone */}` /* gone */", "`${a }` "],
    ["`${{ a: `/*` /* gone */ }}/*` /* gone */", "`${{ a: `/*`  }}/*` "],
    ['f(/["`/*]/); /* gone */', 'f(/["`/*]/); '],
    ["a / b; /* gone */ c / d;", "a / b;  c / d;"],
  ])("are taken out of %j", (text, rest) => {
    expect(withoutComments(text)).toBe(rest);
  });

  it.each([
    '["https://*.example.com", "exp://**"] + "*/"',
    "['\\'/*', '*/']",
    '"\\\\" + "/*" + "*/"',
    "`https://*.${domain}` + `*/`",
    '`${isOpen ? `https://*.${domain}` : "/*"}` + `*/`',
    "`\\`/*` + `\\${/*` + `$/*`",
    "text.replace(/\\/*$/, '').replace(/[/*]/g, '*/')",
    "const mark = /^\\/*/; const end = /*/.source",
    "return /'/*/.test(text)",
    "url = /https?:\\/\\/x/",
    "<a>https://example.com</a>",
    "<p>Don't</p>\n<p>can't</p>",
    "a lone ` stays, and } too",
  ])("are none in %j", (text) => {
    expect(withoutComments(text)).toBe(text);
  });

  it("are none in a text as long as the longest file that is read", () => {
    const text = `"${"x".repeat(500_000)}"`;
    expect(withoutComments(text) === text).toBe(true);
  });
});
