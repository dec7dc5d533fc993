/** Lines of a stream of text, one after the other. */
import type { Readable } from "node:stream";
import { GateError } from "../../errors/index.js";

/** Units of UTF-16. A row of Convex has at most 1 MiB, of which JSON can make six times as much. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Splits at line feeds alone. `readline` would split JSON at U+2028 as well, which is allowed within its strings, and an
 * error of the stream would not reach who reads. A line that no row can be throws `IMPORT_FORM`, before it fills the memory.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of stream.setEncoding("utf8")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LONGEST)
        throw new GateError(
          "IMPORT_FORM",
          "a line of the export is longer than any row can be: a .jsonl file has one row on each line; export again",
        );
      yield* lines;
    }
    if (rest !== "") yield rest;
  } finally {
    stream.destroy();
  }
}
