/** What every flow of Better Auth's core costs, among few users and among many. */
import { describe, expect, it } from "vitest";
import { createWorld, flows } from "./support/flows.js";

describe.each([2, 20])("among %i other users", (others) => {
  it.each(flows)("$name", async ({ costs, ceiling, options, before, request }) => {
    const world = await createWorld(others, options);
    await before?.(world);
    const counted = world.app.harness.costs;
    counted.length = 0;
    const response = await request(world);
    expect(response.status).toBe(200);
    expect(counted).toEqual(costs);
    expect(world.app.harness.dropped).toEqual([]);
    if (ceiling !== undefined) expect(counted.length).toBeLessThanOrEqual(ceiling);
  });
});
