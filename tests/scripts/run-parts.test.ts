/** The order in which `npm test` runs its parts, and that what runs beside the tests leaves them the machine. */
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

it("builds first, then runs the tests in a row and the checks beside them", async () => {
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
    part("js", "units", held),
    part("browser", "Chromium"),
  ]);
  await vi.waitFor(() => expect(begun).toHaveLength(4));
  expect(begun).toEqual(["build", "units", "clippy", "tsc"]);
  release();
  expect(await running).toMatchObject({ passed: 12, failed: 0 });
  expect(begun.slice(4).sort()).toEqual(["Chromium", "cargo test"]);
});

it("counts a part that throws as one failure, and goes on", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  const boom = { group: "js", name: "a", run: () => Promise.reject(new Error("boom")) };
  const fine = { group: "js", name: "b", run: () => Promise.resolve({ passed: 1, failed: 0 }) };
  expect(await runParts([boom, fine])).toMatchObject({ passed: 1, failed: 1 });
  await expect(runParts([{ ...fine, group: "other" }])).rejects.toThrow("the group other");
});

it.skipIf(process.platform === "win32")(
  "runs the programs of tests as they are, and those beside them with the least priority",
  async () => {
    vi.spyOn(console, "log").mockReturnValue();
    const priorities = new Map<string, string>();
    const asking = (group: string): Parameters<typeof runParts>[0][number] => ({
      group,
      name: group,
      run: async () => {
        const code = 'console.log(require("node:os").getPriority())';
        priorities.set(group, (await spawned(process.execPath, ["-e", code])).output.trim());
        return { passed: 1, failed: 0 };
      },
    });
    const { times } = await runParts([asking("js"), asking("types")]);
    expect(priorities.get("types")).toBe("19");
    expect(Number(priorities.get("js"))).toBeLessThan(19);
    expect(times.every(({ processor }) => processor > 0)).toBe(true);
  },
);
