/** What is told of single calls: with what the host itself costs and without it. */
import type { CallTime } from "./calls.js";
import type { Row } from "./report.js";
import type { Summary } from "./statistics.js";
import { summarise } from "./statistics.js";

/** One round on one side: a function that calls nothing, one that calls an empty one, then every kind of call. */
export interface CallRound {
  nothing: CallTime;
  empty: CallTime;
  calls: readonly CallTime[];
}

/** The rounds of both sides. */
export interface CallRounds {
  ours: readonly CallRound[];
  peer: readonly CallRound[];
}

/**
 * The rows of all kinds. The host's cost is taken off within a round and not off the median: both figures of a
 * difference were then taken under the same load.
 */
export function callRows(names: readonly string[], rounds: CallRounds): Row[] {
  const row = (
    group: Row["group"],
    name: string,
    unit: "ms" | "cpu ms",
    of: (round: CallRound, unit: keyof CallTime) => number,
  ): Row => {
    const summary = (side: readonly CallRound[]): Summary =>
      summarise(side.map((round) => of(round, unit === "ms" ? "ms" : "cpuMs")));
    return { group, name, unit, ours: summary(rounds.ours), peer: summary(rounds.peer) };
  };
  const units = ["ms", "cpu ms"] as const;
  const host = units.flatMap((unit) => [
    row(
      "the host itself",
      "a function that calls nothing",
      unit,
      (round, key) => round.nothing[key],
    ),
    row(
      "the host itself",
      "an empty function in a component",
      unit,
      (round, key) => round.empty[key] - round.nothing[key],
    ),
  ]);
  const kinds = (
    group: Row["group"],
    unit: "ms" | "cpu ms",
    without: (round: CallRound, key: keyof CallTime) => number,
  ): Row[] =>
    names.map((name, index) =>
      row(group, name, unit, (round, key) => {
        const time = round.calls[index];
        if (time === undefined) throw new Error("nothing was measured");
        return time[key] - without(round, key);
      }),
    );
  return [
    ...host,
    ...kinds("call with host", "ms", () => 0),
    ...units.flatMap((unit) => kinds("component call", unit, (round, key) => round.nothing[key])),
    ...units.flatMap((unit) =>
      kinds("component's own part", unit, (round, key) => round.empty[key]),
    ),
  ];
}
