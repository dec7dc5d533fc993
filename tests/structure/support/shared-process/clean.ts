/** What a test file finds as no other left it, and leaves in a mess. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { kept } from "./kept.js";

const NAME = "OF_ANOTHER_FILE";
const storage = new AsyncLocalStorage<string>();

/** Tests that all is as a process begins, and leaves behind whatever it can. */
export function findsAllClean(file: string): void {
  it("finds nothing of another file", () => {
    expect(kept).toEqual({});
    expect(process.env[NAME]).toBeUndefined();
    expect(process.env["GIVEN"]).toBe("as it was");
    expect(globalThis.structuredClone({ a: 1 })).toEqual({ a: 1 });
    expect(Math.abs(Date.now() - performance.timeOrigin)).toBeLessThan(86_400_000);

    console.log(`carried: ${String(storagesCarried())}`);
    console.log(`folder: ${mkdtempSync(join(tmpdir(), "left-"))}`);

    storage.run(file, () => undefined);
    kept.by = file;
    process.env[NAME] = file;
    process.env["GIVEN"] = file;
    globalThis.structuredClone = () => {
      throw new Error(`replaced by ${file}`);
    };
    vi.stubGlobal("fetch", undefined);
    vi.useFakeTimers({ now: 0 });
    console.log(`process: ${String(process.pid)}`);
  });
}

/** Of how many storages everything asynchronous that begins now is handed the value (Node 20 and 22; later ones hand on one map). */
function storagesCarried(): number {
  return Object.getOwnPropertySymbols(new AsyncResource("TEST")).filter(
    ({ description }) => description === "kResourceStore",
  ).length;
}
