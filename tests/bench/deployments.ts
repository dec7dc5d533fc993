/** Two deployments that somebody has pushed the benchmark's apps to, in place of the local hosts. */
import { randomBytes } from "node:crypto";
import { pushTo, setVariables } from "../host/backend-admin.js";
import type { Admin } from "../host/backend-admin.js";
import { bundleApp } from "../host/index.js";
import { appFolder, fillSide, ORIGIN } from "./side.js";
import type { Side } from "./side.js";

/** Where a deployment is, and the key of its admin. */
export interface Deployment {
  url: string;
  siteUrl: string;
  key: string;
}

const FORM = "URL,SITE,KEY, such as http://127.0.0.1:3210,http://127.0.0.1:3211,'name|0a1b…'";

/** Reads `URL,SITE,KEY`. */
export function parseDeployment(text: string): Deployment {
  const [url = "", siteUrl = "", ...rest] = text.split(",");
  const key = rest.join(",");
  const isAddress = (each: string): boolean => /^https?:\/\/[^/]+\/?$/.test(each);
  if (!isAddress(url) || !isAddress(siteUrl) || key === "")
    throw new Error(`a deployment is ${FORM}`);
  const plain = (address: string): string => address.replace(/\/$/, "");
  return { url: plain(url), siteUrl: plain(siteUrl), key };
}

/** Ours and the peer's: `--backend` given twice, or once with `--peer`. Undefined where neither is given. */
export function deploymentsOf(
  backends: readonly string[],
  peer: string | undefined,
): Record<Side["name"], Deployment> | undefined {
  const given = peer === undefined ? backends : [...backends, peer];
  if (given.length === 0) return undefined;
  const [ours, theirs, ...more] = given;
  if (ours === undefined || theirs === undefined || more.length > 0)
    throw new Error(
      `two deployments are compared: --backend ${FORM} for ours, --peer for the peer`,
    );
  return { ours: parseDeployment(ours), peer: parseDeployment(theirs) };
}

/** How the apps get there, to be printed. */
export async function howToPush(): Promise<string> {
  const [ours, peer] = [await appFolder("ours"), await appFolder("peer")];
  const commands = (folder: string): string =>
    `  cd ${folder}
  CONVEX_SELF_HOSTED_URL=URL CONVEX_SELF_HOSTED_ADMIN_KEY=KEY npx convex deploy -y --codegen disable --typecheck disable`;
  return `Each app is pushed to a deployment of its own, made for this and thrown away afterwards: the benchmark sets variables there
and leaves some hundred users. On a deployment of Convex's cloud leave the two variables out and be signed in.

${commands(ours)}
${commands(peer)}

Then: npm run bench -- --backend URL,SITE,KEY --peer URL,SITE,KEY
With --push the benchmark pushes both apps itself, by the keys.`;
}

/** Makes a side of a deployment: its variables are set and its rows are there, under names of this run alone. */
export async function openSide(
  name: Side["name"],
  { url, siteUrl, key }: Deployment,
  { push }: { push: boolean },
): Promise<Side> {
  const admin: Admin = { url, key };
  await setVariables(admin, {
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
    BETTER_AUTH_URL: siteUrl,
    SITE_URL: ORIGIN,
    // Or the rate limits of a production deployment would be measured.
    NODE_ENV: "development",
    REAL_PASSWORDS: undefined,
  });
  if (push) await pushTo(admin, await bundleApp(await appFolder(name)));
  const run = randomBytes(4).toString("hex");
  return fillSide({
    name,
    url,
    siteUrl,
    run,
    // Nothing is counted there.
    counted: async (work) => ({
      result: await work(),
      metrics: { calls: [], componentCalls: [] },
    }),
    setVariables: (variables) => setVariables(admin, variables),
    close: () => Promise.resolve(),
  }).catch(async (error: unknown) => {
    const isMissing = /Could not find public function/.test(String(error));
    throw isMissing ? new Error(`${url} does not have the app.\n\n${await howToPush()}`) : error;
  });
}
