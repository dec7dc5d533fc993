/** `npm run bench [-- --quick] [--json FILE] [--svg FILE]`: ours and the published peer, side by side in one run. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chartOf } from "./chart.js";
import type { Sides } from "./measure.js";
import { measureCalls, measureCode, measureFlows, measureTokens } from "./measure.js";
import type { Report } from "./report.js";
import { summaryOf, tableOf } from "./report.js";
import { hashingFlows } from "./flows.js";
import { measurePasswords } from "./passwords.js";
import { startSide } from "./side.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    svg: { type: "string" },
    quick: { type: "boolean", default: false },
  },
});
const rounds = values.quick
  ? { calls: 3, flows: 2, passwords: 3, tokens: 3 }
  : { calls: 40, flows: 15, passwords: 30, tokens: 30 };

console.log(
  "Both sides run from their own CLI bundles on the local host of this repository, each call in a fresh V8 context.",
);
const sides: Sides = { ours: await startSide("ours"), peer: await startSide("peer") };
try {
  const report: Report = {
    versions: {
      "convex-gate": versionIn("."),
      "better-auth": versionIn("node_modules/better-auth"),
      "@convex-dev/better-auth": versionIn("tests/bench/peer/node_modules/@convex-dev/better-auth"),
      "the peer's better-auth": versionIn("tests/bench/peer/node_modules/better-auth"),
    },
    rows: [
      ...(await measureCalls(sides, rounds.calls)),
      ...(await measureFlows(sides, rounds.flows)),
      ...(await measureHashing()),
      ...(await measureTokens(rounds.tokens)),
      ...measureCode(sides),
    ],
  };
  for (const [name, version] of Object.entries(report.versions)) console.log(`${name} ${version}`);
  console.log(`\n${tableOf(report)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report, null, 2));
  if (values.svg !== undefined) writeFileSync(values.svg, chartOf(report));
  console.log(summaryOf(report));
} finally {
  await Promise.all([sides.ours.host.close(), sides.peer.host.close()]);
}

/** On deployments of their own, whose apps hash as they would anywhere else. */
async function measureHashing(): Promise<Report["rows"]> {
  const hashing: Sides = {
    ours: await startSide("ours", { realPasswords: true }),
    peer: await startSide("peer", { realPasswords: true }),
  };
  try {
    return [
      ...(await measureFlows(hashing, rounds.flows, hashingFlows)),
      ...(await measurePasswords(hashing, rounds.passwords)),
    ];
  } finally {
    await Promise.all([hashing.ours.host.close(), hashing.peer.host.close()]);
  }
}

/** The version in a folder of the repository. */
function versionIn(folder: string): string {
  // Bundled into tests/output, two levels below the repository's root.
  const file = fileURLToPath(new URL(`../../${folder}/package.json`, import.meta.url));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
