/** A stand-in for GitHub: its consent page in the browser, and what the site asks of it. Whoever signs in there is whom the page is told. */
import type { BrowserContext, Page } from "playwright-core";

/** What the site asks of GitHub. A code, and the token for it, is the e-mail address of who gave it. */
export const github: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const { hostname, pathname } = new URL(request.url);
  if (pathname === "/login/oauth/access_token") {
    const code = new URLSearchParams(await request.text()).get("code");
    return Response.json({ access_token: code, token_type: "bearer", scope: "user:email" });
  }
  const email = request.headers.get("authorization")?.split(" ")[1] ?? "";
  if (pathname === "/user/emails") return Response.json([{ email, primary: true, verified: true }]);
  if (pathname === "/user") return Response.json({ id: email, login: email, name: email, email });
  throw new Error(`nothing is asked of ${hostname}`);
};

/** Puts the consent page into a browser. */
export async function standInForGithub(context: BrowserContext): Promise<void> {
  await context.route("https://github.com/login/oauth/authorize**", (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const [back, state] = ["redirect_uri", "state"].map((name) => asked.get(name) ?? "");
    return route.fulfill({
      contentType: "text/html",
      body: `<form action="${String(back)}">
        <input name="code" aria-label="Account" />
        <input name="state" type="hidden" value="${String(state)}" />
        <button>Allow</button>
        <button formmethod="post">Allow by form post</button>
        <a href="${String(back)}?error=access_denied&state=${String(state)}">Cancel</a>
      </form>`,
    });
  });
}

/** Allows the app to know an account of GitHub's. `by` a form post is how Apple and others answer. */
export async function allow(page: Page, email: string, by = ""): Promise<void> {
  await page.getByLabel("Account").fill(email);
  await page.getByRole("button", { name: `Allow${by}`, exact: true }).click();
}

/** Says no. */
export async function cancel(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Cancel" }).click();
}

/** The address to which `allow` would send the browser that is at the consent page. */
export function callbackLink(page: Page, email: string): string {
  const asked = new URL(page.url()).searchParams;
  const link = new URL(asked.get("redirect_uri") ?? "");
  link.searchParams.set("code", email);
  link.searchParams.set("state", asked.get("state") ?? "");
  return link.href;
}
