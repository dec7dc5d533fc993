/**
 * Stands between a matrix deployment and its HTTP actions: each request that the fast lane could answer is also answered
 * by a twin, the same app with the fast lane off, from a copy of the database. See tests/support/two-ways.
 */
import type { Deployment } from "../../host/deployment.js";
import { createDeployment } from "../../host/deployment.js";
import type { Host, HostOptions, PushRequest } from "../../host/index.js";
import { createMetrics } from "../../host/metrics.js";
import type { Outcome, Seen } from "../../support/two-ways/both-ways.js";
import { bothWays } from "../../support/two-ways/both-ways.js";
import type { Kind, Tally } from "../../support/two-ways/tally.js";
import { createTally, kindOf } from "../../support/two-ways/tally.js";

/** The variable by which the matrix's app has no fast lane. */
export const FAST_LANE = "FAST_LANE";

/** A request without Better Auth evaluates less than this, and one with it far more (bytes). */
const WITHOUT_BETTER_AUTH = 200_000;

/** A request whose two answers, or what was written for them, were not the same. */
export interface Difference {
  readonly request: string;
  readonly expected: Seen;
  readonly seen: Seen;
}

/** The proof of one deployment. */
export interface TwoWays {
  readonly tally: Tally;
  /** What the host does with a request. */
  readonly answer: NonNullable<HostOptions["answer"]>;
  /** Begins, once the host is there. `app` says which app the variables make of the bundle, for the counts. */
  begin(host: Host, app: () => string): void;
  /** Whether requests are sent both ways from now on. @default false, as nobody looks at the differences */
  compare(is: boolean): void;
  /** The differences since the last time. */
  take(): Difference[];
}

/** Prepares the proof for the app of a push request. */
export function createTwoWays(pushRequest: PushRequest): TwoWays {
  const tally = createTally();
  let differences: Difference[] = [];
  let world: { host: Host; app: () => string } | undefined;
  let twin: Promise<Deployment> | undefined;
  let variables = "";
  let isOn = false;
  let running = 0;
  let arrived = 0;
  /** By kind, the apps that the fast lane has answered for. */
  const known = new Set<string>();

  async function twinOf(deployment: Deployment, { url, siteUrl }: Host): Promise<Deployment> {
    const env = { ...deployment.env(), [FAST_LANE]: "off" };
    twin ??= createDeployment({
      request: pushRequest,
      env,
      url,
      siteUrl,
      metrics: createMetrics(),
      log: () => undefined,
      concurrent: false,
      writeLimit: false,
      redacted: false,
    });
    const made = await twin;
    const text = JSON.stringify(env);
    if (variables !== text) {
      const gone = Object.keys(made.env()).filter((name) => !(name in env));
      await made.setEnv({ ...Object.fromEntries(gone.map((name) => [name, undefined])), ...env });
    }
    variables = text;
    return made;
  }

  const answer: TwoWays["answer"] = async (deployment, request, origin) => {
    arrived += 1;
    running += 1;
    try {
      const kind = kindOf(request);
      if (!world || !isOn || kind === undefined) return await deployment.fetch(request, origin);
      if (running > 1) return await deployment.fetch(request, origin);
      const { host, app } = world;
      const full = await twinOf(deployment, host);
      const calls = host.metrics.snapshot().calls.length;
      const mark = arrived;
      const outcome = await bothWays(
        request,
        { database: deployment.database, answer: (each) => deployment.fetch(each, origin) },
        { database: full.database, answer: (each) => full.fetch(each, origin) },
      );
      // Others came meanwhile, and wrote.
      if (mark !== arrived) return outcome.response;
      const action = host.metrics
        .snapshot()
        .calls.slice(calls)
        .find((call) => call.kind === "httpAction");
      const isTaken = (action?.evaluatedBytes ?? Infinity) < WITHOUT_BETTER_AUTH;
      note(kind, request, outcome, isTaken, app());
      return outcome.response;
    } finally {
      running -= 1;
    }
  };

  function note(
    kind: Kind,
    request: Request,
    outcome: Outcome,
    isTaken: boolean,
    app: string,
  ): void {
    if (isTaken) known.add(`${kind} ${app}`);
    const why = isTaken
      ? undefined
      : known.has(`${kind} ${app}`)
        ? "by the request"
        : `with ${app}`;
    tally.add({ kind, isTaken, why });
    const { expected, seen } = outcome;
    if (JSON.stringify(expected) === JSON.stringify(seen)) return;
    const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`);
    const lines = [`${request.method} ${request.url}${isTaken ? " (taken)" : ""}`, ...headers];
    differences.push({ request: lines.join("\n"), expected, seen });
  }

  return {
    tally,
    answer,
    begin: (host, app) => void (world = { host, app }),
    compare: (is) => void (isOn = is),
    take() {
      const taken = differences;
      differences = [];
      return taken;
    },
  };
}
