/** What init finds in an app and means to do, on what the frameworks' own generators make. */
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyChanges } from "../../../js/cli/init/apply.js";
import type { FileChange } from "../../../js/cli/init/apply.js";
import type { Framework } from "../../../js/cli/frameworks.js";
import { addCommand } from "../../../js/cli/package-manager.js";
import { makePlan } from "../../../js/cli/init/plan.js";
import type { Plan } from "../../../js/cli/init/plan.js";
import { findProject } from "../../../js/cli/init/project.js";
import { byHand, closing } from "../../../js/cli/init/show.js";
import { appWith, generated, manifest, writeFiles } from "./support/apps.js";

function planFor(folder: string, framework?: Framework): Plan {
  const project = findProject(folder);
  return makePlan(project, framework ?? project.framework!);
}

function apply(folder: string, { changes }: Plan): void {
  const touched = changes.filter(({ kind }) => kind === "write" || kind === "patch");
  applyChanges(findProject(folder).root, touched as FileChange[]);
}

/** One line a file, as `+ convex/auth.ts`. */
function outline({ changes }: Plan): string[] {
  const signs = { write: "+", patch: "~", keep: "=", "by-hand": "!" };
  return changes.map(({ kind, path }) => `${signs[kind]} ${path}`);
}

const CONVEX = ["convex.config.ts", "auth.config.ts", "auth.ts", "http.ts"];

describe("what the generators make", () => {
  const expected = {
    vite: {
      packages: [],
      appUrl: "http://localhost:5173",
      files: [
        ...CONVEX.map((name) => `+ convex/${name}`),
        ...["+ src/lib/auth-client.ts", "+ src/lib/auth-provider.tsx", "+ src/SignIn.tsx"],
        "~ src/main.tsx",
      ],
    },
    next: {
      packages: [],
      appUrl: "http://localhost:3000",
      files: [
        ...CONVEX.map((name) => `+ convex/${name}`),
        ...["+ src/lib/auth-client.ts", "+ src/lib/auth.ts", "+ src/lib/auth-provider.tsx"],
        ...["+ src/app/api/auth/[...all]/route.ts", "+ src/proxy.ts", "+ src/app/sign-in/page.tsx"],
        ...["~ src/app/layout.tsx", "+ .env.local"],
      ],
    },
    start: {
      packages: [],
      appUrl: "http://localhost:3000",
      files: [
        ...CONVEX.map((name) => `+ convex/${name}`),
        ...["+ src/lib/auth-client.ts", "+ src/lib/auth.ts", "+ src/lib/auth-provider.tsx"],
        ...["+ src/routes/api/auth/$.ts", "+ src/routes/sign-in.tsx"],
        ...["~ src/routes/__root.tsx", "+ .env.local"],
      ],
    },
    sveltekit: {
      packages: ["convex-svelte"],
      appUrl: "http://localhost:5173",
      files: [
        ...CONVEX.map((name) => `+ src/convex/${name}`),
        ...["+ convex.json", "+ src/lib/auth-client.ts", "+ src/hooks.server.ts"],
        ...["+ src/routes/+layout.server.ts", "+ src/routes/sign-in/+page.svelte"],
        ...["~ src/routes/+layout.svelte", "+ .env.local"],
      ],
    },
  } as const;

  it.each(Object.keys(expected) as (keyof typeof expected)[])(
    "%s: is known by its packages, needs nothing by hand, and a second run changes nothing",
    async (framework) => {
      const { packages, appUrl, files } = expected[framework];
      const folder = await generated(framework);
      expect(findProject(folder).framework).toBe(framework);
      const plan = planFor(folder);
      expect(plan.install).toEqual(["convex-gate", "better-auth", "convex", ...packages]);
      expect(plan.appUrl).toBe(appUrl);
      expect(outline(plan)).toEqual(files);
      apply(folder, plan);
      // What people have changed since stays theirs.
      const auth = files[2].slice(2);
      const text = readFileSync(join(folder, auth), "utf8");
      await writeFiles(folder, { [auth]: `${text}\n// ours\n` });
      expect(outline(planFor(folder))).toEqual(files.map((line) => line.replace(/^./, "=")));
    },
  );

  it("gives one origin SITE_URL alone, and two origins crossDomain() and CORS", async () => {
    const texts = async (framework: "next" | "vite"): Promise<string> => {
      const folder = await generated(framework);
      apply(folder, planFor(folder));
      return ["auth.ts", "http.ts"]
        .map((name) => readFileSync(join(folder, "convex", name), "utf8"))
        .join("");
    };
    expect(await texts("vite")).toMatch(/crossDomain\(\)[\s\S]*cors: true/);
    expect(await texts("next")).not.toMatch(/crossDomain|cors|BETTER_AUTH_URL/);
  });

  it("writes the Convex files alone for a framework that it does not know", async () => {
    const folder = await appWith({ "package.json": manifest("astro"), "index.js": "" });
    expect(findProject(folder).framework).toBeUndefined();
    expect(outline(planFor(folder, "none"))).toEqual(CONVEX.map((name) => `+ convex/${name}`));
    apply(folder, planFor(folder, "none"));
    expect(outline(planFor(folder, "none"))).toEqual(CONVEX.map((name) => `= convex/${name}`));
  });

  it("takes an Expo app's scheme, and shows the line of the provider", async () => {
    const folder = await appWith({
      "package.json": manifest("expo", "expo-linking", "react", "typescript"),
      "app.json": { expo: { scheme: ["myapp", "other"] } },
      "app/_layout.tsx": "export default function Layout() { return <Stack />; }\n",
    });
    const plan = planFor(folder);
    expect(plan.appUrl).toBeUndefined();
    expect(plan.install).toContain("@better-auth/expo");
    expect(plan.command).toBe(
      "npx expo install expo-constants expo-network expo-secure-store expo-web-browser",
    );
    expect(outline(plan).slice(4)).toEqual([
      ...["+ lib/auth-client.ts", "+ lib/auth-provider.tsx", "! app/_layout.tsx"],
    ]);
    apply(folder, plan);
    expect(readFileSync(join(folder, "convex/auth.ts"), "utf8")).toContain(
      'trustedOrigins: ["myapp://"],\n    plugins: [expo(), convex({ authConfig })],',
    );
    const client = readFileSync(join(folder, "lib/auth-client.ts"), "utf8");
    expect(client).toContain('import { createExpoAuthClient } from "convex-gate/expo";');
    expect(client).toContain('scheme: "myapp",\n  storagePrefix: "myapp",');
    const again = outline(planFor(folder));
    expect(again.filter((line) => !line.startsWith("= "))).toEqual(["! app/_layout.tsx"]);
    const layout =
      'import { AuthProvider } from "../lib/auth-provider";\nexport default function Layout() { return <AuthProvider><Stack /></AuthProvider>; }\n';
    await writeFiles(folder, { "app/_layout.tsx": layout });
    expect(outline(planFor(folder)).filter((line) => !line.startsWith("= "))).toEqual([]);
    await writeFiles(folder, { "app.json": { expo: {} } });
    expect(() => planFor(folder)).toThrow('Write "scheme": "my-app"');
  });
});

describe("an auth.ts that was there before the native app", () => {
  const expoApp = (auth: string, more: Record<string, string> = {}): Promise<string> =>
    appWith({
      "package.json": manifest("expo", "react", "typescript"),
      "app.json": { expo: { scheme: "myapp" } },
      "app/_layout.tsx": "export default function Layout() { return <Stack />; }\n",
      "convex/auth.ts": `import { createClient } from "convex-gate";\n${auth}`,
      ...more,
    });
  const leftOf = (folder: string): string =>
    byHand(planFor(folder)).find((text) => text.includes("convex/auth.ts:")) ?? "";

  it("is left to its author, with what it lacks", async () => {
    const plugin = await expoApp('betterAuth({ trustedOrigins: ["myapp://"], plugins: [] })');
    expect(leftOf(plugin)).toBe(
      'Add to convex/auth.ts:\n\nimport { expo } from "@better-auth/expo";\n\n// Among its plugins:\n    expo(),\n',
    );
    const scheme = await expoApp('betterAuth({ trustedOrigins: ["other://"], plugins: [expo()] })');
    expect(leftOf(scheme)).toBe(
      'Add to convex/auth.ts:\n\n// Among the options of betterAuth:\n    trustedOrigins: ["myapp://"],\n',
    );
    const both = await expoApp('// trustedOrigins: ["myapp://"], expo()\nbetterAuth({})');
    expect(leftOf(both)).toMatch(/import \{ expo \}[\s\S]*myapp:\/\/[\s\S]*expo\(\),/);
  });

  it.each([
    ['betterAuth({ trustedOrigins: ["myapp://"], plugins: [expo()] })', {}],
    ["betterAuth({ trustedOrigins: process.env.TRUSTED.split(), plugins: [expo()] })", {}],
    ["betterAuth(options)", { "convex/options.ts": 'trustedOrigins: ["myapp://"], expo()' }],
  ])("is kept as it is where it has them: %s %j", async (auth, more) => {
    expect(leftOf(await expoApp(auth, more))).toBe("");
  });
});

describe("what else is there", () => {
  const react = manifest("vite", "react", "typescript");

  it("finds the app's folder above, and the functions where convex.json has them", async () => {
    const folder = await appWith({
      "package.json": react,
      "convex.json": { functions: "./backend/functions/" },
      "src/main.tsx": "createRoot(root).render(<App />);\n",
    });
    const files = outline(planFor(join(folder, "src")));
    expect(files[0]).toBe("+ backend/functions/convex.config.ts");
    apply(folder, planFor(folder));
    expect(readFileSync(join(folder, "src/lib/auth-provider.tsx"), "utf8")).toContain(
      '"../../backend/functions/_generated/api"',
    );
  });

  it("works without src, at the page's own entry and the script's own port", async () => {
    const folder = await appWith({
      "package.json": { ...react, scripts: { dev: "vite --host --port 4321" } },
      "index.html": '<body><script type="module" src="/client/entry.tsx"></script></body>',
      "client/entry.tsx": "createRoot(root).render(<App />);\n",
    });
    const plan = planFor(folder);
    expect(plan.appUrl).toBe("http://localhost:4321");
    expect(outline(plan).slice(4)).toEqual([
      ...["+ lib/auth-client.ts", "+ lib/auth-provider.tsx", "+ SignIn.tsx", "~ client/entry.tsx"],
    ]);
    apply(folder, plan);
    expect(readFileSync(join(folder, "client/entry.tsx"), "utf8")).toContain('from "../SignIn"');
  });

  it("adds to existing Convex functions, and leaves what it does not understand", async () => {
    const routes =
      'import { httpRouter } from "convex/server";\nconst http = httpRouter();\nhttp.route({ path: "/hook", method: "POST", handler });\nexport default http;\n';
    const folder = await appWith({
      "package.json": react,
      "convex/schema.ts": "export default defineSchema({});\n",
      "convex/http.ts": routes,
      "convex/convex.config.ts":
        'import { defineApp } from "convex/server";\nimport limiter from "@convex-dev/rate-limiter/convex.config";\nconst app = defineApp();\napp.use(limiter);\nexport default app;\n',
      "convex/auth.ts": "export const mine = 1;\n",
      "convex/auth.config.js": "export default { providers: [] };\n",
      "src/main.tsx": "render(app);\n",
    });
    const plan = planFor(folder);
    expect(outline(plan)).toEqual([
      ...["~ convex/convex.config.ts", "~ convex/auth.config.js", "! convex/auth.ts"],
      // It would load what auth.ts does not have.
      ...["! convex/http.ts", "+ src/lib/auth-client.ts", "+ src/lib/auth-provider.tsx"],
      ...["+ src/SignIn.tsx", "! src/main.tsx"],
    ]);
    apply(folder, plan);
    expect(readFileSync(join(folder, "convex/auth.ts"), "utf8")).toBe("export const mine = 1;\n");
    expect(readFileSync(join(folder, "convex/http.ts"), "utf8")).toBe(routes);
    expect(outline(planFor(folder))).toEqual(
      outline(plan).map((line) => line.replace(/^[+~]/, "=")),
    );
    const [auth, http] = byHand(plan);
    expect(auth).toMatch(/^Add to convex\/auth\.ts:\n/);
    expect(http).toMatch(
      /^Add to convex\/http\.ts, once `createAuth` of convex\/auth\.ts is as above:\n/,
    );
    // What was shown, added as it stands there: the next run does the rest.
    const lines = auth!.slice(auth!.indexOf("\n\n") + 2);
    await writeFiles(folder, { "convex/auth.ts": `export const mine = 1;\n${lines}` });
    apply(folder, planFor(folder));
    const text = readFileSync(join(folder, "convex/http.ts"), "utf8");
    expect(text).toContain('path: "/hook"');
    expect(text).toContain('(await import("./auth")).createAuth(ctx)');
  });

  it.each([
    [
      "another module",
      "export default function SignIn() { return null; }\n",
      ["! src/SignIn.tsx", "! src/main.tsx"],
      "`SignIn` of src/SignIn.tsx is as above",
    ],
    [
      "a form of ours with a default export",
      'import { authClient } from "./lib/auth-client";\nexport default function SignIn() { return null; }\n',
      ["= src/SignIn.tsx", "! src/main.tsx"],
      "src/SignIn.tsx exports `SignIn`",
    ],
    [
      "a form of ours",
      'import { authClient } from "./lib/auth-client";\nfunction Form() { return null; }\nexport { Form as SignIn };\n',
      ["= src/SignIn.tsx", "~ src/main.tsx"],
      undefined,
    ],
  ])("imports nothing that a module does not have: %s", async (_, signIn, files, once) => {
    const folder = await appWith({
      "package.json": react,
      "src/SignIn.tsx": signIn,
      "src/main.tsx": "createRoot(root).render(<App />);\n",
    });
    const plan = planFor(folder);
    expect(outline(plan).slice(-2)).toEqual(files);
    const said = byHand(plan);
    if (once === undefined) expect(said).toEqual([]);
    else expect(said.at(-1)).toContain(`Add to src/main.tsx, once ${once}:\n`);
    if (said.length === 2)
      expect(said[0]).toContain(
        "Add to src/SignIn.tsx, or to a file of another name that is imported in its place:\n",
      );
  });

  it.each([
    ["import { ConvexProvider } from 'convex/react';", "~"],
    ["import { ConvexProvider } from './convex';", "!"],
  ])("puts the form into the page of an app with Convex, or shows it: %s", async (line, sign) => {
    const folder = await appWith({
      "package.json": react,
      "src/main.tsx": `${line}\ncreateRoot(root).render(<ConvexProvider client={c}><App /></ConvexProvider>);\n`,
    });
    const plan = planFor(folder);
    expect(outline(plan).slice(-2)).toEqual(["+ src/SignIn.tsx", `${sign} src/main.tsx`]);
    const change = plan.changes.at(-1);
    const text = change?.kind === "patch" ? change.text : byHand(plan).join("");
    expect(text).toMatch(/import \{ SignIn \} from ["']\.\/SignIn["']/);
    expect(text).toMatch(/<ConvexBetterAuthProvider[^>]*>\s*<SignIn \/>/);
    const first = { "~": "Done.", "!": "Do what is left to you above." }[sign];
    expect(closing(plan)).toBe(
      `${String(first)} Start the app, and sign up at http://localhost:5173/`,
    );
  });

  it("writes no proxy, route or layout around a module that is not ours", async () => {
    const next = await appWith({
      "package.json": manifest("next", "typescript"),
      "app/layout.tsx":
        "export default function Layout({ children }) { return <b>{children}</b>; }\n",
      "lib/auth.ts": "export const { auth } = NextAuth();\n",
    });
    expect(outline(planFor(next)).filter((line) => line.startsWith("!"))).toEqual([
      ...["! lib/auth.ts", "! app/api/auth/[...all]/route.ts", "! proxy.ts", "! app/layout.tsx"],
    ]);
    const svelte = await appWith({
      "package.json": manifest("@sveltejs/kit", "typescript"),
      "src/hooks.server.ts": "export const handle = mine;\n",
      "src/routes/+layout.svelte": "<script>let { children } = $props();</script>\n",
    });
    expect(outline(planFor(svelte)).filter((line) => line.startsWith("!"))).toEqual([
      ...["! src/hooks.server.ts", "! src/routes/+layout.server.ts", "! src/routes/+layout.svelte"],
    ]);
  });

  it.each([
    ["^15.3.0", "middleware", "export const middleware"],
    ["16.4.3", "proxy", "export const proxy"],
  ])("names the middleware of Next %s %s", async (version, name, line) => {
    const folder = await appWith({
      "package.json": { dependencies: { next: version, typescript: "*" } },
      "app/layout.tsx": "export default function Layout({ children }) { return children; }\n",
    });
    const plan = planFor(folder);
    expect(plan.changes.find(({ path }) => path === `${name}.ts`)).toMatchObject({
      text: expect.stringContaining(line) as string,
    });
  });

  it("puts no proxy.ts beside a middleware.ts, which Next.js refuses", async () => {
    const folder = await appWith({
      "package.json": manifest("next", "typescript"),
      "app/layout.tsx": "",
      "middleware.ts": "export function middleware() {}\n",
    });
    const plan = outline(planFor(folder));
    expect(plan).toContain("! middleware.ts");
    expect(plan).not.toContain("+ proxy.ts");
  });

  it("finds app beside src, and says that it is not for Next.js without it", async () => {
    const next = manifest("next", "typescript");
    const layout = "export default function Layout({ children }) { return <b>{children}</b>; }\n";
    const folder = await appWith({
      "package.json": next,
      "src/x.ts": "",
      "app/layout.tsx": layout,
    });
    expect(outline(planFor(folder))).toContain("~ app/layout.tsx");
    const pages = await appWith({ "package.json": next, "pages/index.tsx": "" });
    expect(() => planFor(pages)).toThrow("no app/layout.tsx");
  });

  it("says what to do for an app without TypeScript, or no app", async () => {
    const folder = await appWith({ "package.json": manifest("vite", "react") });
    expect(() => planFor(folder)).toThrow("This app has no TypeScript");
    const alone = planFor(folder, "none");
    expect(outline(alone)).toEqual(CONVEX.map((name) => `+ convex/${name}`));
    expect(alone.appUrl, "as for Vite, since the app's part is").toBe("http://localhost:5173");
    apply(folder, alone);
    expect(readFileSync(join(folder, "convex/http.ts"), "utf8")).toContain("cors: true");
    expect(readFileSync(join(folder, "convex/auth.ts"), "utf8")).toContain("crossDomain()");
    const empty = await appWith({});
    expect(() => findProject(empty)).toThrow("npm create vite@9");
    await writeFiles(empty, { "package.json": "{ name: }" });
    expect(() => findProject(empty)).toThrow("package.json is not JSON");
    await writeFiles(empty, { "package.json": "[]" });
    expect(() => findProject(empty)).toThrow("package.json holds no object");
    await writeFiles(empty, { "package.json": {}, "convex.json": "// mine\n{}" });
    expect(() => findProject(empty)).toThrow("convex.json is not JSON");
  });

  it("reads files that begin with a byte order mark", async () => {
    const folder = await appWith({
      "package.json": `\uFEFF${JSON.stringify(react)}`,
      "convex.json": `\uFEFF{ "functions": "backend/" }`,
    });
    expect(findProject(folder)).toMatchObject({ framework: "vite", functions: "backend" });
  });
});

it("keeps a file's ends of line", async () => {
  const folder = await appWith({
    "package.json": manifest("vite", "react", "typescript"),
    "src/main.tsx": 'import { App } from "./App";\r\n\r\ncreateRoot(root).render(<App />);\r\n',
    "convex/http.ts": "",
  });
  const { changes } = planFor(folder);
  const change = changes.find(({ path }) => path === "src/main.tsx");
  expect(change?.kind === "patch" && change.text.replaceAll("\r\n", "")).not.toMatch(/\n/);
  apply(folder, planFor(folder));
  expect(outline(planFor(folder))).toContain("= src/main.tsx");
});

describe("the package manager", () => {
  const line = async (folder: string): Promise<string> => {
    const { command, args } = await addCommand(folder, ["better-auth", "convex-svelte"]);
    return [command, ...args].join(" ");
  };

  it.each([
    ["package-lock.json", "npm i better-auth@~1.7.3 convex-svelte"],
    ["pnpm-lock.yaml", "pnpm add better-auth@~1.7.3 convex-svelte"],
    ["yarn.lock", "yarn add better-auth@~1.7.3 convex-svelte"],
    ["bun.lock", "bun add better-auth@~1.7.3 convex-svelte"],
    ["bun.lockb", "bun add better-auth@~1.7.3 convex-svelte"],
  ])("is that of %s, in the app or above it", async (lock, expected) => {
    const folder = await appWith({ "package.json": manifest("react"), [lock]: "" });
    expect(await line(folder)).toBe(expected);
    const inner = join(folder, "apps/web");
    await writeFiles(folder, { "apps/web/package.json": manifest("next", "typescript") });
    expect(await line(inner)).toBe(expected);
    // In a monorepo the app is the nearest package, not the root.
    await mkdir(join(inner, "src/app"), { recursive: true });
    expect(findProject(join(inner, "src/app")).root).toBe(inner);
  });

  it("tells pnpm that the root of a workspace is meant", async () => {
    const files = { "package.json": manifest("react"), "pnpm-lock.yaml": "" };
    const folder = await appWith({ ...files, "pnpm-workspace.yaml": "packages: [apps/*]\n" });
    expect(await line(folder)).toBe("pnpm add --workspace-root better-auth@~1.7.3 convex-svelte");
  });

  it("installs versions that this package's peer dependencies allow", async () => {
    const own = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    ) as { version: string; peerDependencies: Record<string, string> };
    expect(own.peerDependencies).toMatchObject({ "better-auth": ">=1.7.3 <1.8" });
    expect(own.peerDependencies["convex"]).toMatch(/<2$/);
    const folder = await appWith({ "package.json": {} });
    const { args } = await addCommand(folder, ["convex-gate", "convex"]);
    expect(args.slice(1)).toEqual([`convex-gate@${own.version}`, "convex@1"]);
  });
});

describe("writing", () => {
  const change = (path: string, text = "new"): FileChange => ({ kind: "write", path, text });

  it("writes nothing at all where one file cannot be written", async () => {
    const folder = await appWith({ taken: "a file" });
    const changes = [change("a.ts"), change("new/deep/c.ts"), change("taken/b.ts")];
    expect(() => applyChanges(folder, changes)).toThrow("Nothing was written: E");
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("writes through links, and leaves a file the rights that it has", async () => {
    const folder = await appWith({ "shared.env": "A=1\n", "app/main.tsx": "old" });
    await symlink("../shared.env", join(folder, "app/.env.local"));
    await chmod(join(folder, "app/main.tsx"), 0o640);
    const patch = (path: string, before: string): FileChange => ({
      ...{ kind: "patch", path, before, text: "new", lines: "" },
    });
    applyChanges(folder, [patch("app/.env.local", "A=1\n"), patch("app/main.tsx", "old")]);
    expect(readFileSync(join(folder, "shared.env"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "app/.env.local")).isSymbolicLink()).toBe(true);
    expect(statSync(join(folder, "app/main.tsx")).mode & 0o777).toBe(0o640);
    expect(await readdir(join(folder, "app"))).toEqual([".env.local", "main.tsx"]);
  });

  it("writes nothing where a file has changed since it was looked at", async () => {
    const folder = await appWith({ "there.ts": "mine", "main.tsx": "edited" });
    expect(() => applyChanges(folder, [change("a.ts"), change("there.ts")])).toThrow(
      "there.ts has changed while this was running",
    );
    const patch = { kind: "patch", path: "main.tsx", before: "read", text: "new" } as const;
    expect(() => applyChanges(folder, [change("a.ts"), { ...patch, lines: "" }])).toThrow(
      "main.tsx has changed",
    );
    expect(readFileSync(join(folder, "there.ts"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "a.ts"))).toBe(false);
  });
});
