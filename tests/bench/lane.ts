/** `npm run bench -- --lane [--quick]`: the same requests with the fast lane and without it, taking turns in one run. */
import { parseArgs } from "node:util";
import type { AuthSession } from "../e2e/auth-session.js";
import { runFlow } from "./flows.js";
import type { Flow, FlowCost } from "./flows.js";
import type { Side } from "./side.js";
import { ORIGIN, startSide } from "./side.js";
import { summarise } from "./statistics.js";

/** Requests with the lane, and what a client without it asked for the same. */
interface Question {
  name: string;
  fast: (session: AuthSession, side: Side) => Promise<unknown>;
  full?: (session: AuthSession, side: Side) => Promise<unknown>;
}

const get =
  (path: string) =>
  async (session: AuthSession): Promise<void> => {
    const { status } = await session.get(path);
    if (status >= 500) throw new Error(`${path} answered ${String(status)}`);
  };

const questions: readonly Question[] = [
  { name: "get-session", fast: get("/get-session") },
  { name: "token from the cache", fast: get("/convex/token") },
  { name: "token to be signed", fast: get("/convex/token?fresh=1") },
  {
    name: "page load, signed in",
    fast: get("/get-session?convexToken=true"),
    full: async (session) => {
      await get("/get-session")(session);
      await get("/convex/token")(session);
    },
  },
  { name: "key set", fast: get("/convex/jwks") },
  { name: "discovery document", fast: get("/convex/.well-known/openid-configuration") },
  {
    name: "preflight",
    fast: (_session, side) =>
      fetch(`${side.siteUrl}/api/auth/sign-out`, {
        method: "OPTIONS",
        headers: { Origin: ORIGIN },
      }),
  },
];

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const rounds = values.quick ? 5 : 30;
const sides = {
  on: await startSide("ours"),
  off: await startSide("ours", { FAST_LANE: "off" }),
};
try {
  const lines: string[][] = [
    ["", "ms", "on/off", "cpu ms", "on/off", "bytes, HTTP action", "calls"],
  ];
  for (const question of questions) lines.push(await lineOf(question));
  for (const line of lines)
    console.log(line.map((cell, at) => cell.padEnd([22, 16, 8, 16, 8, 22, 6][at] ?? 0)).join(" "));
} finally {
  await Promise.all([sides.on.close(), sides.off.close()]);
}

async function lineOf({ name, fast, full = fast }: Question): Promise<string[]> {
  const costs: Record<"on" | "off", (FlowCost & { httpBytes: number })[]> = { on: [], off: [] };
  for (let round = -1; round < rounds; round += 1)
    for (const way of round % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
      const work = way === "on" ? fast : full;
      const side = sides[way];
      const flow: Flow = {
        name,
        prepare: async (_side, session) => {
          const email = `lane${String(Math.random())}@example.com`;
          const body = { email, password: "correct horse battery", name };
          await session.post("/sign-up/email", body);
          await session.get("/convex/token");
        },
        run: (_side, session) => work(session, side),
      };
      const { result: cost, metrics } = await side.counted(() => runFlow(side, flow));
      const { calls } = metrics;
      const httpBytes = calls
        .filter(({ component }) => component === "")
        .reduce((sum, { evaluatedBytes }) => sum + evaluatedBytes, 0);
      if (round >= 0) costs[way].push({ ...cost, httpBytes });
    }
  const bytes = ({ httpBytes }: { httpBytes: number }): number => httpBytes;
  const median = (way: "on" | "off", of: (cost: FlowCost & { httpBytes: number }) => number) =>
    summarise(costs[way].map(of)).median;
  const both = (of: (cost: FlowCost & { httpBytes: number }) => number, digits: number) => {
    const [on, off] = [median("on", of), median("off", of)];
    return [`${on.toFixed(digits)} / ${off.toFixed(digits)}`, (on / off).toFixed(2)] as const;
  };
  // A preflight needs no Better Auth in either.
  if (name !== "preflight" && median("on", bytes) * 2 > median("off", bytes))
    throw new Error(`${name}: the two apps do the same, there is nothing to compare`);
  return [
    name,
    ...both(({ ms }) => ms, 1),
    ...both(({ cpuMs }) => cpuMs, 1),
    both(bytes, 0)[0],
    both(({ componentCalls }) => componentCalls, 0)[0],
  ];
}
