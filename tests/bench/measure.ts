/** The measurements. The sides take turns within each round, so that a slow moment of the machine meets both. */
import { callRows } from "./call-rows.js";
import { calls, empty, nothing, timeCall } from "./calls.js";
import { flows, runFlow } from "./flows.js";
import type { Flow, FlowCost } from "./flows.js";
import type { Row } from "./report.js";
import { exact } from "./report.js";
import type { Side } from "./side.js";
import { summarise } from "./statistics.js";
import { timeVerification, verifications } from "./tokens.js";

/** Both sides. */
export interface Sides {
  ours: Side;
  peer: Side;
}

type Turn<T> = { ours: T[]; peer: T[] };

/** One component call of each kind; what does nothing is timed in the same round as the others. */
export async function measureCalls(sides: Sides, rounds: number): Promise<Row[]> {
  const times = await turns(sides, rounds, async (side, round) => ({
    nothing: await timeCall(side, nothing, round),
    empty: await timeCall(side, empty, round),
    calls: await inOrder(calls, (call) => timeCall(side, call, round)),
  }));
  return callRows(
    calls.map(({ name }) => name),
    times,
  );
}

/** Every flow: its time, and its counts, which are the same in every round. */
export async function measureFlows(
  sides: Sides,
  rounds: number,
  measured: readonly Flow[] = flows,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const flow of measured) {
    const costs = await turns(sides, rounds, (side) => runFlow(side, flow));
    const row = (unit: Row["unit"], of: (cost: FlowCost) => number): Row => ({
      group: "flow",
      name: flow.name,
      unit,
      ours: summarise(costs.ours.map(of)),
      peer: summarise(costs.peer.map(of)),
    });
    rows.push(
      row("ms", ({ ms }) => ms),
      row("cpu ms", ({ cpuMs }) => cpuMs),
      row("calls", ({ componentCalls }) => componentCalls),
      row("documents", ({ documentsRead }) => documentsRead),
      row("bytes", ({ evaluatedBytes }) => evaluatedBytes),
    );
  }
  return rows;
}

/** Verifying a token; the peer is `jose` here. */
export async function measureTokens(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, ours, jose } of await verifications()) {
    const times: Turn<number> = { ours: [], peer: [] };
    for (let round = -1; round < rounds; round += 1) {
      const [mine, theirs] = [await timeVerification(ours), await timeVerification(jose)];
      if (round < 0) continue;
      times.ours.push(mine);
      times.peer.push(theirs);
    }
    rows.push({
      group: "verification",
      name: `verify ${name}, against jose`,
      unit: "ms",
      ours: summarise(times.ours),
      peer: summarise(times.peer),
    });
  }
  return rows;
}

/** What is pushed. */
export function measureCode({ ours, peer }: Sides): Row[] {
  if (!ours.bytes || !peer.bytes) return [];
  const [mine, theirs] = [ours.bytes, peer.bytes];
  const row = (name: string, of: (bytes: typeof mine) => number): Row => ({
    group: "code",
    name,
    unit: "bytes",
    ours: exact(of(mine)),
    peer: exact(of(theirs)),
  });
  return [
    row("component's bundle", ({ component }) => component),
    row("app's bundle", ({ app }) => app),
  ];
}

/** One round more than asked for: the first warms both sides up and does not count. */
export async function turns<T>(
  { ours, peer }: Sides,
  rounds: number,
  work: (side: Side, round: number) => Promise<T>,
): Promise<Turn<T>> {
  const results: Turn<T> = { ours: [], peer: [] };
  for (let round = -1; round < rounds; round += 1) {
    // Who goes first changes from round to round.
    const order = round % 2 === 0 ? [ours, peer] : [peer, ours];
    for (const side of order) {
      const result = await work(side, nextRound());
      if (round >= 0) results[side.name].push(result);
    }
  }
  return results;
}

async function inOrder<T, R>(each: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of each) results.push(await work(one));
  return results;
}

let last = 0;
/** Numbers that no two pieces of work share, for the rows that they make. */
function nextRound(): number {
  return (last += 1);
}
