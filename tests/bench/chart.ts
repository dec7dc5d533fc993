/** The picture of a run: how long ours takes where the peer takes the whole width. Readable on light and dark pages. */
import type { Report, Row } from "./report.js";
import { ratio } from "./statistics.js";

const WIDTH = 760;
const LABEL = 230;
const BAR = 400;
const LINE = 30;
const TOP = 64;
const drawn: readonly Row["group"][] = ["component call", "flow"];

/** An SVG document of the timed rows. */
export function chartOf({ rows, versions }: Report): string {
  const timed = rows.filter(({ unit, group }) => unit === "ms" && drawn.includes(group));
  const height = TOP + timed.length * LINE + 24;
  const title = "Time of ours where the peer's is the whole bar; shorter is better";
  const described = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">
  <title id="title">${escaped(title)}</title>
  <desc id="desc">${escaped(timed.map(sentenceOf).join(" "))}</desc>
  <style>
    text { fill: #1f2328 }
    .quiet { fill: #59636e }
    .peer { fill: #d1d9e0 }
    .ours { fill: #0f766e }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .quiet { fill: #9198a1 }
      .peer { fill: #3d444d }
      .ours { fill: #2dd4bf }
    }
  </style>
  <text x="0" y="18" font-size="15" font-weight="600">${escaped(title)}</text>
  <text x="0" y="38" class="quiet">${escaped(described)}</text>
${timed.map(barOf).join("\n")}
</svg>
`;
}

function barOf(row: Row, index: number): string {
  const y = TOP + index * LINE;
  const share = ratio(row.ours.median, row.peer.median) ?? 1;
  const told = `${row.ours.median.toFixed(1)} of ${row.peer.median.toFixed(1)} ms`;
  const width = Math.max(2, Math.min(1, share) * BAR);
  return `  <text x="0" y="${String(y + 14)}">${escaped(row.name)}</text>
  <rect class="peer" x="${String(LABEL)}" y="${String(y)}" width="${String(BAR)}" height="20" rx="3"/>
  <rect class="ours" x="${String(LABEL)}" y="${String(y)}" width="${width.toFixed(1)}" height="20" rx="3"/>
  <text x="${String(LABEL + BAR + 12)}" y="${String(y + 14)}" class="quiet">${escaped(told)}</text>`;
}

function sentenceOf({ name, ours, peer }: Row): string {
  return `${name}: ${ours.median.toFixed(1)} ms, the peer ${peer.median.toFixed(1)} ms.`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
