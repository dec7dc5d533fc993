/** Where the time of a run went, as `npm test` prints it. */
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";

const script = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(`scripts/lib/${name}.mjs`).href)) as T;

/** Works a little, then says how much processor time that took, in microseconds. */
const BUSY = `
  require("node:crypto").pbkdf2Sync("a", "b", 100_000, 32, "sha256");
  const { user, system } = process.cpuUsage();
  console.log("$HOME", user + system);
  process.exit(3);
`;

it("counts the processor time of what a part runs, and gives its output and code unchanged", async () => {
  const { measured } = await script<{
    measured: <T>(
      work: () => Promise<T>,
    ) => Promise<{ outcome: T; clock: number; processor: number }>;
  }>("processor-time");
  const { spawned } = await script<{
    spawned: (command: string, args: string[]) => Promise<{ code: number; output: string }>;
  }>("process");
  const { outcome, processor } = await measured(() => spawned(process.execPath, ["-e", BUSY]));
  expect(outcome).toEqual({ code: 3, output: expect.stringMatching(/^\$HOME \d+\n$/) });
  const said = Number(outcome.output.split(" ")[1]) / 1e6;
  // `times` has two decimals, user and system each.
  expect(processor).toBeGreaterThan(said - 0.02);
});

it("reads what shells write, with a comma for a point too", async () => {
  const { secondsOf } = await script<{ secondsOf: (text: string) => number }>("processor-time");
  expect(secondsOf("0m0.01s 0m0.02s\n1m2.50s 0m3,25s\n")).toBeCloseTo(65.78, 5);
});

it("has a line a part, the sum, and the longest test files first", async () => {
  const { timeReport } = await script<{
    timeReport: (times: object[], clock: number) => string[];
  }>("time-report");
  const times = [
    { name: "clippy", clock: 66.04, processor: 120, files: [] },
    {
      name: "units",
      clock: 10,
      processor: 19.5,
      files: [
        { name: "a", clock: 1 },
        { name: "b", clock: 2 },
      ],
    },
  ];
  expect(timeReport(times, 80).map((line) => line.trim().replaceAll(/ {2,}/g, " | "))).toEqual([
    "where the time went | clock | processor",
    "clippy | 66.0 s | 120.0 s",
    "units | 10.0 s | 19.5 s",
    "the whole run | 80.0 s | 139.5 s",
    "",
    "the longest test files (clock; others run beside them)",
    "2.0 s | b",
    "1.0 s | a",
  ]);
});
