/**
 * `npm run bench [-- --quick] [--json FILE] [--svg FILE]`: ours and the published peer, side by side in one run, on local
 * hosts or on two deployments: `--backend URL,SITE,KEY --peer URL,SITE,KEY [--push]`. `--apps` says how they get the apps.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chartOf } from "./chart.js";
import { deploymentsOf, howToPush, openSide } from "./deployments.js";
import type { Sides } from "./measure.js";
import { measureCalls, measureCode, measureFlows, measureTokens } from "./measure.js";
import type { Report, Row } from "./report.js";
import { onlyTimes, summaryOf, tableOf } from "./report.js";
import { hashingFlows } from "./flows.js";
import { measurePasswords } from "./passwords.js";
import type { Side } from "./side.js";
import { startSide } from "./side.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    svg: { type: "string" },
    quick: { type: "boolean", default: false },
    backend: { type: "string", multiple: true, default: [] },
    peer: { type: "string" },
    push: { type: "boolean", default: false },
    apps: { type: "boolean", default: false },
  },
});
if (values.apps) {
  console.log(await howToPush());
  process.exit(0);
}
const deployments = deploymentsOf(values.backend, values.peer);
const rounds = values.quick
  ? { calls: 3, flows: 2, passwords: 3, tokens: 3 }
  : { calls: 40, flows: 15, passwords: 30, tokens: 30 };

console.log(
  deployments
    ? `Ours on ${deployments.ours.url}, the peer on ${deployments.peer.url}. Only times are told: nothing is counted there.`
    : "Both sides run from their own CLI bundles on the local host of this repository, each call in a fresh V8 context.",
);
const open = (name: Side["name"]): Promise<Side> =>
  deployments ? openSide(name, deployments[name], values) : startSide(name);
const sides: Sides = { ours: await open("ours"), peer: await open("peer") };
try {
  const rows = [
    ...(await measureCalls(sides, rounds.calls)),
    ...(await measureFlows(sides, rounds.flows)),
    ...(await measureHashing()),
    ...(await measureTokens(rounds.tokens)),
    ...measureCode(sides),
  ];
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    on: deployments ? "deployments" : "local hosts",
    versions: {
      "convex-gate": versionIn("."),
      "better-auth": versionIn("node_modules/better-auth"),
      "@convex-dev/better-auth": versionIn("tests/bench/peer/node_modules/@convex-dev/better-auth"),
      "the peer's better-auth": versionIn("tests/bench/peer/node_modules/better-auth"),
    },
    rows: deployments ? onlyTimes(rows) : rows,
  };
  console.log(report.date);
  for (const [name, version] of Object.entries(report.versions)) console.log(`${name} ${version}`);
  console.log(`\n${tableOf(report)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report, null, 2));
  if (values.svg !== undefined) writeFileSync(values.svg, chartOf(report));
  console.log(summaryOf(report));
} finally {
  await Promise.all([sides.ours.close(), sides.peer.close()]);
}

/** With a variable by which both apps hash as they would anywhere else. */
async function measureHashing(): Promise<Row[]> {
  const set = async (value: string | undefined): Promise<void> => {
    for (const side of [sides.ours, sides.peer]) await side.setVariables({ REAL_PASSWORDS: value });
  };
  await set("1");
  try {
    return [
      ...(await measureFlows(sides, rounds.flows, hashingFlows)),
      ...(await measurePasswords(sides, rounds.passwords)),
    ];
  } finally {
    await set(undefined);
  }
}

/** The version in a folder of the repository. */
function versionIn(folder: string): string {
  // Bundled into tests/output, two levels below the repository's root.
  const file = fileURLToPath(new URL(`../../${folder}/package.json`, import.meta.url));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
