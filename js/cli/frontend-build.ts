/** Which deployment a published frontend was built for: its address stands in the page or in the page's scripts. */
import { deploymentOf } from "./findings.js";
import type { Finding } from "./finding.js";
import { ask } from "./requests.js";

const MOST_SCRIPTS = 20;
const ADDRESS = /https:\/\/[\w.-]+\.convex\.(?:cloud|site)/g;
/** Examples in the texts of Convex's own clients, which minifiers keep (convex 1.48): no app was built for them. */
const EXAMPLES = ["happy-otter-123", "small-mouse-123", "happy-animal-123"];

/** Nothing is said of a frontend that does not answer, or that names no deployment. */
export async function frontendFindings(page: string, siteUrl: string): Promise<Finding[]> {
  const own = deploymentOf(siteUrl);
  if (own === undefined || !URL.canParse(page)) return [];
  const html = await textOf(page);
  const scripts = [...html.matchAll(/\bsrc=["']([^"']+)["']|\bhref=["']([^"']+\.m?js)["']/g)]
    .flatMap(([, src, href]) => src ?? href ?? [])
    .filter(
      (path) => URL.canParse(path, page) && new URL(path, page).origin === new URL(page).origin,
    )
    .slice(0, MOST_SCRIPTS);
  const texts = await Promise.all(scripts.map((path) => textOf(new URL(path, page).href)));
  const named = [html, ...texts]
    .flatMap((text) => text.match(ADDRESS) ?? [])
    .map((url) => deploymentOf(url));
  // A page may well name other deployments beside its own, in links or in texts.
  if (named.includes(own)) return [];
  const first = named.find((name) => name !== undefined && !EXAMPLES.includes(name));
  if (first === undefined) return [];
  return [
    {
      level: "error",
      code: "FRONTEND",
      message: `${page} was built for the deployment ${first}, not for ${own}`,
      remedy: `build it with the addresses of ${own}: npx convex deploy --cmd "npm run build" sets them`,
    },
  ];
}

async function textOf(url: string): Promise<string> {
  const answer = await ask(url);
  return "response" in answer && answer.response.ok ? answer.response.text() : "";
}
