/** `npm run bench -- --footprint`: what an app weighs on Convex, ours and the peer's, without and with every plugin. */
import { fileURLToPath } from "node:url";
import { footprintOf } from "../../matrix/support/footprint.js";
import type { Footprint } from "../../matrix/support/footprint.js";
import { ratio } from "../statistics.js";
import { bundleFootprint } from "./app.js";
import type { Owner } from "./app.js";

// Bundled into tests/output, two levels below the repository's root.
const repository = fileURLToPath(new URL("../..", import.meta.url));

const told: readonly (readonly [keyof Footprint, string])[] = [
  ["pushed", "pushed code, component included"],
  ["evaluated", "source that an HTTP request evaluates"],
  ["heap", "heap after evaluating http.js in a fresh context"],
];

console.log("| plugins | what | ours, bytes | peer, bytes | ours/peer |");
console.log("| --- | --- | ---: | ---: | ---: |");
for (const everything of [false, true]) {
  const measure = async (owner: Owner): Promise<Footprint> =>
    footprintOf(await bundleFootprint(repository, owner, everything));
  const [ours, peer] = [await measure("ours"), await measure("peer")];
  for (const [member, what] of told) {
    const cells = [
      everything ? "all" : "none",
      what,
      ours[member].toLocaleString("en"),
      peer[member].toLocaleString("en"),
      ratio(ours[member], peer[member])?.toFixed(2) ?? "-",
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
