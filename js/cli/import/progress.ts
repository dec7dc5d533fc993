/**
 * One line on a terminal that tells how far an import is. Elsewhere nothing: a log has no use for it. Clack's
 * bar, as `init` has its like, needs a total, which an export in lines lacks.
 */
import type { Source } from "./source.js";
import type { Tally } from "./tally.js";

/** Makes the line. */
export function createProgress(
  { total }: Source,
  dryRun: boolean,
): { show: (tally: Tally) => void; end: () => void } {
  const { isTTY } = process.stderr;
  let shown = false;
  return {
    show({ counts }) {
      if (!isTTY) return;
      let [rows, refused] = [0, 0];
      for (const each of Object.values(counts)) {
        rows += each.created + each.unchanged + each.refused;
        refused += each.refused;
      }
      shown = true;
      const of = total === undefined ? "" : ` of ${String(total)} records`;
      process.stderr.write(
        `\r\u001b[K${dryRun ? "Looking at" : "Importing"}: ${String(rows)} rows${of}, ${String(refused)} left out`,
      );
    },
    end() {
      if (shown) process.stderr.write("\n");
    },
  };
}
