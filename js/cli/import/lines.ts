/** Lines of a stream of text, one after the other. */
import type { Readable } from "node:stream";

/**
 * Splits at line feeds alone. `readline` would split JSON at U+2028 as well, which is allowed within its strings, and an
 * error of the stream would not reach who reads.
 */
export async function* linesOf(stream: Readable): AsyncIterable<string> {
  let rest = "";
  try {
    for await (const chunk of stream.setEncoding("utf8")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") yield rest;
  } finally {
    stream.destroy();
  }
}
