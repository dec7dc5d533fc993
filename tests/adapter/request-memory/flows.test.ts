/**
 * The flows of Better Auth do not see the memory. Each is asked for with it and without it from the same rows, at the same
 * moment and with the same draws, and gives the same answer, mails and rows. Where it saves calls somebody else's request
 * comes between two of them: whatever comes of that with the memory is what may have come of it without.
 */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { flows, rivalsOf } from "./support/flows.js";
import { drawByRequest } from "./support/request.js";
import { placeOf, savedBy } from "./support/saved.js";
import type { Flow, Scene } from "./support/scene.js";
import { createScene } from "./support/scene.js";
import type { Ask, State, World } from "./support/world.js";
import { createWorld } from "./support/world.js";

vi.mock(import("../../../js/adapter/request-memory/remembering-store.js"), async (actual) => {
  const { rememberingOrNot } = await import("./support/without-memory.js");
  const module = await actual();
  return { ...module, remembering: rememberingOrNot(module.remembering) };
});
vi.mock(import("../../../js/adapter/request-memory/foresight.js"), async (actual) => {
  const { foresightOrNone } = await import("./support/without-memory.js");
  const module = await actual();
  return { ...module, createForesight: foresightOrNone(module.createForesight) };
});

const NOW = 1_800_000_000_000;
const counts = { flows: 0, without: 0, with: 0, saving: 0, interleaved: 0, between: 0 };
const savings: string[] = [];
/** The kinds of calls that were saved by flows that were interleaved. */
const tried = new Set<string>();

let world: World;
let scene: Scene;
let beginning: State;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  drawByRequest();
  // Better Auth tells of every refusal that it has no answer for.
  vi.spyOn(console, "error").mockReturnValue();
  world = await createWorld();
  scene = await createScene(world);
  beginning = world.state();
});
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it.each(flows.map((flow) => [flow.name, flow] as const))("%s", async (name, flow: Flow) => {
  await world.become(beginning);
  const ask = await flow.ask(scene);
  const from = world.state();
  const without = await outcome(from, ask, false);
  const remembered = await outcome(from, ask, true);
  expect(remembered.text).toBe(without.text);
  counts.flows += 1;
  counts.without += without.calls.length;
  counts.with += remembered.calls.length;

  const saved = [...savedBy(without.calls, remembered.calls)].join();
  if (saved === "") return;
  counts.saving += 1;
  savings.push(`${name} ${String(without.calls.length)} → ${String(remembered.calls.length)}`);
  // One flow stands for all that save the same kinds of calls.
  if (tried.has(saved)) return;
  tried.add(saved);
  counts.interleaved += 1;
  for (const rival of rivalsOf(flow, ask, scene)) {
    const possible = possibleOutcomes(from, ask, rival, without.calls.length);
    for (let before = 1; before < remembered.calls.length; before += 1) {
      const { text } = await outcome(from, ask, true, { ask: rival, before });
      const place = placeOf(before, without.calls, remembered.calls);
      const nearest = await possible.nearest(text, place);
      expect(text, `${rival.path} before call ${String(before)}`).toBe(nearest);
      counts.between += 1;
    }
  }
});

it("saves calls", () => {
  console.log(`calls without and with a memory: ${savings.join(", ")}`);
  expect(counts).toEqual({
    flows: 91,
    without: 474,
    with: 377,
    saving: 43,
    interleaved: 13,
    between: 109,
  });
});

/** What came of a request, and of the one that came in between. */
interface Outcome {
  readonly text: string;
  readonly calls: readonly string[];
}

/** Another request, before the call of this number. */
interface Rival {
  readonly ask: Ask;
  readonly before: number;
}

/** Asks from the same state. */
async function outcome(from: State, ask: Ask, memory: boolean, rival?: Rival): Promise<Outcome> {
  await world.become(from);
  let other = "";
  const { answer, calls } = await world.ask(ask, {
    memory,
    seed: 1,
    before: async (call) => {
      if (rival?.before !== call) return;
      other = (await world.ask(rival.ask, { memory: false, seed: 2 })).answer;
    },
  });
  return { text: [answer, other, ...world.mails, ...world.writesSince(from)].join("\n\n"), calls };
}

/** What may come of it without a memory, when `rival` comes between two calls. Found out place by place, as it is needed. */
function possibleOutcomes(from: State, ask: Ask, rival: Ask, calls: number) {
  const known = new Map<number, string>();
  const at = async (before: number): Promise<string> => {
    const text =
      known.get(before) ?? (await outcome(from, ask, false, { ask: rival, before })).text;
    known.set(before, text);
    return text;
  };
  return {
    /** The same as `text` if there is one, else that of the place. */
    async nearest(text: string, place: number): Promise<string> {
      const nearest = await at(place);
      for (let before = 1; before < calls && ![...known.values()].includes(text); before += 1)
        await at(before);
      return [...known.values()].includes(text) ? text : nearest;
    },
  };
}
