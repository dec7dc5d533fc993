/** The order in which `npm test` runs its parts, and that those that can wait leave the machine to those that cannot. */
import { getPriority } from "node:os";
import { pathToFileURL } from "node:url";
import { expect, it, vi } from "vitest";

const script = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(`scripts/lib/${name}.mjs`).href)) as T;

interface Outcome {
  passed: number;
  failed: number;
}
interface Sum extends Outcome {
  times: { name: string; processor: number }[];
}
const { runParts } = await script<{
  runParts: (parts: { group: string; name: string; run: () => Promise<Outcome> }[]) => Promise<Sum>;
}>("run-parts");
const { spawned } = await script<{
  spawned: (command: string, args: string[]) => Promise<{ output: string }>;
}>("process");

it("builds first, then runs tests in turn, and beside all of them the package and the checks", async () => {
  const begun: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const part = (
    group: string,
    name: string,
    until = Promise.resolve(),
  ): Parameters<typeof runParts>[0][number] => ({
    group,
    name,
    run: async () => {
      begun.push(name);
      await until;
      return { passed: 2, failed: 0 };
    },
  });
  vi.spyOn(console, "log").mockReturnValue();
  const running = runParts([
    part("build", "build"),
    part("rust", "clippy", held),
    part("rust", "cargo test"),
    part("types", "tsc", held),
    part("package", "tarball"),
    part("browser", "Chromium"),
    part("matrix", "plugins"),
    part("host", "sockets"),
    part("js", "units", held),
  ]);
  await vi.waitFor(() => expect(begun).toHaveLength(5));
  expect(begun).toEqual(["build", "units", "tarball", "clippy", "tsc"]);
  release();
  expect(await running).toMatchObject({ passed: 18, failed: 0 });
  const tests = begun.slice(5).filter((name) => name !== "cargo test");
  expect(tests).toEqual(["sockets", "plugins", "Chromium"]);
});

it("counts a part that throws as one failure, and goes on", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  const boom = { group: "js", name: "a", run: () => Promise.reject(new Error("boom")) };
  const fine = { group: "js", name: "b", run: () => Promise.resolve({ passed: 1, failed: 0 }) };
  expect(await runParts([boom, fine])).toMatchObject({ passed: 1, failed: 1 });
  await expect(runParts([{ ...fine, group: "other" }])).rejects.toThrow("the group other");
});

it.skipIf(process.platform === "win32")(
  "leaves the programs of browsers as they are, and gives others less priority, checks the least",
  async () => {
    vi.spyOn(console, "log").mockReturnValue();
    const priorities = new Map<string, number>();
    const asking = (group: string): Parameters<typeof runParts>[0][number] => ({
      group,
      name: group,
      run: async () => {
        const code = 'console.log(require("node:os").getPriority())';
        priorities.set(group, Number((await spawned(process.execPath, ["-e", code])).output));
        return { passed: 1, failed: 0 };
      },
    });
    const { times } = await runParts([asking("browser"), asking("package"), asking("types")]);
    const own = getPriority();
    const expected = { browser: own, package: Math.min(own + 10, 19), types: 19 };
    expect(Object.fromEntries(priorities)).toEqual(expected);
    expect(times.every(({ processor }) => processor > 0)).toBe(true);
  },
);
