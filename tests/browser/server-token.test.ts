/** A page that the server rendered for somebody who is signed in, as frameworks do. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Route } from "playwright-core";
import type { Plugin } from "vite";
import { expect, it } from "vitest";
import { useBrowser } from "./support/browser.js";
import {
  addNote,
  openFixture,
  signedIn,
  signOut,
  signUp,
  uncaught,
  useSameOriginFixture,
  views,
} from "./support/fixture.js";

const browser = useBrowser();
const app = useSameOriginFixture(browser, "browser-server-token", renderedPages);

/** `/rendered`: the page as HTML, with the token that the site gives for the cookies of the request. */
function renderedPages(siteUrl: string): Plugin {
  return {
    name: "rendered-pages",
    configureServer(server) {
      server.middlewares.use("/rendered", (request, response, next) => {
        const answer = async (): Promise<void> => {
          const { cookie = "" } = request.headers;
          const asked = await fetch(`${siteUrl}/api/auth/convex/token`, { headers: { cookie } });
          const { token } = (await asked.json()) as { token: string };
          const { render } = (await server.ssrLoadModule("/src/server.tsx")) as {
            render: (token: string) => string;
          };
          const file = await readFile(join(server.config.root, "index.html"), "utf8");
          const html = await server.transformIndexHtml("/rendered", file);
          const script = `<script>window.initialToken = ${JSON.stringify(token)}</script>`;
          response.setHeader("content-type", "text/html");
          response.end(
            html.replace("<!--page-->", render(token)).replace("</body>", `${script}$&`),
          );
        };
        answer().catch(next);
      });
    },
  };
}

it("shows what is protected from the first paint on, and asks once", async () => {
  const { page, log } = await openFixture(browser, app.origin);
  await signUp(page);
  await addNote(page, "rendered");
  for (const list of Object.values(log)) list.length = 0;

  // Without the server's token the answer about the session brings one. It is no cookie's page that keeps it.
  await page.reload();
  await page.getByText("rendered", { exact: true }).waitFor();
  expect(log.authRequests).toEqual(["/get-session"]);
  expect(log.sent.filter(({ type }) => type === "Authenticate")).toHaveLength(1);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie]));
  expect(stored).not.toContain("eyJ");
  for (const list of Object.values(log)) list.length = 0;

  const held: Route[] = [];
  await page.route("**/api/auth/get-session*", (route) => void held.push(route));
  await page.goto(`${app.origin}/rendered`);
  await signedIn(page);
  await page.getByText("rendered", { exact: true }).waitFor();
  expect(held).toHaveLength(1);
  for (const route of held) await route.continue();
  await page.unroute("**/api/auth/get-session*");
  await page.waitForLoadState("networkidle");
  // Convex's own <AuthLoading> waits for the server to confirm the token; what is protected does not.
  expect((await views(page)).filter((view) => view !== "")).toEqual([
    "auth-loading notes",
    "notes",
    "notes list",
  ]);
  expect(await page.evaluate(() => window.fixture.calls.setAuth)).toBe(1);
  expect(log.sent.filter(({ type }) => type === "Authenticate")).toHaveLength(1);
  expect(log.authRequests).toEqual(["/get-session"]);
  expect([...log.pageErrors, ...log.consoleErrors]).toEqual([]);
  expect(uncaught(app)).toEqual([]);

  await signOut(page);
  expect(uncaught(app)).toEqual([]);
});
