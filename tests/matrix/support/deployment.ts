/** A bundle of the matrix on a host, whose plugins are chosen by a variable. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { startLocalDeployment } from "../../e2e/local-deployment.js";
import type { Host, PushRequest } from "../../host/index.js";
import { bundleMatrix } from "./bundle.js";
import type { Browser } from "./browser.js";
import { openBrowser } from "./browser.js";
import type { Mailbox } from "./mailbox.js";
import { openMailbox } from "./mailbox.js";
import type { Person, Tools } from "./plugin.js";
import type { Recorder } from "./recorder.js";
import { createRecorder } from "./recorder.js";
import { asBrowser, sendAsIs } from "./send.js";
import type { Choice } from "./server-set.js";
import { openTabBrowser } from "./tab-browser.js";
import { probe } from "./probes.js";
import type { TwoWays } from "./two-ways.js";
import { createTwoWays } from "./two-ways.js";

/** A running deployment and the tools of its cases. */
export interface MatrixDeployment {
  host: Host;
  recorder: Recorder;
  /** By origins of the Internet: what answers for them on the loopback interface. */
  standIns: Map<string, string>;
  tools: Tools;
  /** The proof that the fast lane answers as Better Auth does. */
  twoWays: TwoWays;
  /** Asks, as everybody who has taken part since the last choice, for all that the fast lane could answer. */
  probe(): Promise<void>;
  /** Makes it the app of these sets. */
  choose(choice: Choice, env?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

const PASSWORD = "correct horse battery";

/** Where the pages are when they are not on the deployment's origin. */
const FRONTEND = "http://localhost:5173";

/** On so many workers contexts are kept between calls, as on Convex; on none with `CONVEX_HOST_REUSE=0`. */
const WORKERS = process.env["CONVEX_HOST_REUSE"] === "0" ? 0 : 16;

/** Bundles the plugins' server halves and starts them. `name` is the bundle's folder. */
export async function startMatrix(
  name: string,
  plugins: readonly string[],
): Promise<MatrixDeployment> {
  return startBundle(await bundleMatrix(name, plugins));
}

/** Starts a bundle. `workers` as the host has them. */
export async function startBundle(
  pushRequest: PushRequest,
  workers = WORKERS,
): Promise<MatrixDeployment> {
  const mailbox: Mailbox = await openMailbox();
  const lines: string[] = [];
  const standIns = new Map<string, string>();
  const twoWays = createTwoWays(pushRequest);
  const host = await startLocalDeployment({
    pushRequest,
    answer: twoWays.answer,
    origin: FRONTEND,
    workers,
    log: (line) => lines.push(line),
    fetch: (input, init) => fetch(rerouted(input, standIns), init),
  });
  await host.setEnv({ MAILBOX_URL: mailbox.url });
  const recorder = createRecorder(host);
  const place = { site: host.siteUrl };
  const browsers: Browser[] = [];
  let app = "";
  twoWays.begin(host, () => app);
  return {
    host,
    recorder,
    standIns,
    twoWays,
    tools: createTools(host, recorder, mailbox, lines, place, browsers),
    async choose(choice, env = {}) {
      lines.length = 0;
      browsers.length = 0;
      place.site = choice.twoOrigins ? FRONTEND : host.siteUrl;
      const { sets, convex = "first", twoOrigins = false } = choice;
      app = [
        ...sets,
        ...(convex === "first" ? [] : [`convex ${convex}`]),
        ...(twoOrigins ? ["two origins"] : []),
      ].join(" ");
      await host.setEnv({ ...env, MATRIX: JSON.stringify(choice) });
    },
    probe: () => probe(host, place.site, browsers),
    async close() {
      await host.close();
      await mailbox.close();
    },
  };
}

function rerouted(
  input: Parameters<typeof fetch>[0],
  standIns: ReadonlyMap<string, string>,
): Parameters<typeof fetch>[0] {
  const url = new URL(input instanceof Request ? input.url : input);
  const standIn = standIns.get(url.origin);
  if (standIn === undefined) return input;
  const target = new URL(url.pathname + url.search, standIn);
  return input instanceof Request ? new Request(target, input) : target;
}

function createTools(
  host: Host,
  recorder: Recorder,
  mailbox: Mailbox,
  lines: string[],
  place: { readonly site: string },
  browsers: Browser[],
): Tools {
  let last = 0;
  const send = asBrowser(sendAsIs);
  const kept = (browser: Browser): Browser => {
    browsers.push(browser);
    return browser;
  };
  const tools: Tools = {
    host,
    mailbox,
    lines,
    get site() {
      return place.site;
    },
    browser: () =>
      kept(
        place.site === host.siteUrl
          ? openBrowser(host, recorder)
          : openTabBrowser({ host, recorder, origin: place.site, send }),
      ),
    program: () => kept(openBrowser(host, recorder, { origin: null })),
    unique: (prefix) => `${prefix}${String((last += 1))}x`,
    async person(name = "person") {
      const email = `${tools.unique(name)}@example.com`;
      const account = { email, password: PASSWORD, name };
      const browser = tools.browser();
      const { status, body, text } = await browser.post("/sign-up/email", account, {
        uncounted: true,
      });
      if (status !== 200) throw new Error(`sign-up answered ${String(status)}: ${text}`);
      const person: Person = { ...browser, id: body.user.id, email, password: PASSWORD };
      return person;
    },
    action: (path, args = {}) => client().action(makeFunctionReference<"action">(path), args),
    async me(browser: Browser) {
      const token = await browser.token();
      const reader = client();
      if (token !== null) reader.setAuth(token);
      return (await reader.query(makeFunctionReference<"query">("auth:me"), {})) as Record<
        string,
        unknown
      > | null;
    },
  };
  return tools;

  function client(): ConvexHttpClient {
    return new ConvexHttpClient(host.url, { logger: false });
  }
}
