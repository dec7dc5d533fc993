/** The example app, or any other, on the local host, as a deployment that the flow can be run against. */
import { randomBytes } from "node:crypto";
import type { Host, HostOptions, PushRequest } from "../host/index.js";
import { startHost } from "../host/index.js";
import type { Deployment, StepResult } from "./check-flow.js";
import { runCheckFlow } from "./check-flow.js";

/** Starts the host with the variables that the README tells a developer to set. */
export function startLocalDeployment(options: {
  pushRequest: PushRequest;
  origin: string;
  log?: (line: string) => void;
  fetch?: typeof fetch;
  /** Variables beside those of the README. */
  env?: Record<string, string>;
  concurrent?: boolean;
  workers?: number;
  knownAs?: { url: string; siteUrl: string };
  answer?: HostOptions["answer"];
}): Promise<Host> {
  const { origin, env = {}, ...others } = options;
  return startHost({
    ...others,
    env: ({ siteUrl }) => ({
      BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
      BETTER_AUTH_URL: siteUrl,
      SITE_URL: origin,
      // Rate limits are what tests/e2e/rate-limits.test.ts is about; here everybody has one address.
      NODE_ENV: "development",
      ...env,
    }),
  });
}

/** Runs the flow on a push request and prints a line a step. Gives every step's result. */
export async function checkPushRequest(
  pushRequest: PushRequest,
  print: (line: string) => void = console.log,
): Promise<StepResult[]> {
  const origin = "http://localhost:5173";
  // What functions log is shown only when something failed: wrong passwords are part of the flow.
  const lines: string[] = [];
  const host = await startLocalDeployment({ pushRequest, origin, log: (line) => lines.push(line) });
  try {
    const deployment: Deployment = {
      url: host.url,
      siteUrl: host.siteUrl,
      origin,
      componentCalls: () => host.metrics.snapshot().componentCalls.length,
    };
    const results = await runCheckFlow(deployment, (result) => print(stepLine(result)));
    if (results.some(({ ok }) => !ok)) for (const line of lines) print(`    ${line}`);
    return results;
  } finally {
    await host.close();
  }
}

function stepLine({ name, ok, durationMs, componentCalls, error }: StepResult): string {
  const calls = componentCalls === undefined ? "" : `, ${String(componentCalls)} component calls`;
  const line = `${ok ? "✓" : "✗"} ${name} (${durationMs.toFixed(0)} ms${calls})`;
  return ok
    ? line
    : `${line}\n    ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
