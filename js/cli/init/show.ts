/** A plan as text. */
import { basename } from "node:path";
import { createTwoFilesPatch } from "diff";
import { frameworkFacts } from "../frameworks.js";
import type { Change, Plan } from "./plan.js";

const SIGNS = { write: "+", patch: "~", keep: "=", "by-hand": "!" } as const;
const WORDS = {
  write: "new",
  patch: "lines are added",
  keep: "is as it should be",
  "by-hand": "is left as it is; the lines to add are shown at the end",
} as const;

/** One line a file. */
export function summary(changes: readonly Change[]): string {
  return changes
    .map((change) => `${SIGNS[change.kind]} ${change.path} (${wordsOf(change)})`)
    .join("\n");
}

function wordsOf(change: Change): string {
  return change.kind === "by-hand" && change.inPlaceOf !== undefined
    ? `is left to you because of ${change.inPlaceOf}; the lines are shown at the end`
    : WORDS[change.kind];
}

/** What a change does to its file, as a unified diff; nothing for a file that is left. */
export function diffOf(change: Change): string {
  if (change.kind !== "write" && change.kind !== "patch") return "";
  const before = change.kind === "patch" ? change.before : "";
  const from = change.kind === "patch" ? `a/${change.path}` : "/dev/null";
  // Its other lines are secrets, which would stay in a terminal or a log.
  const isSecret = /^\.env/.test(basename(change.path));
  const [old, now] = isSecret ? [plain(before), plain(change.text)] : [before, change.text];
  const options = isSecret ? { context: 0 } : {};
  const text = createTwoFilesPatch(
    from,
    `b/${change.path}`,
    old,
    now,
    undefined,
    undefined,
    options,
  );
  // The library draws a line above, which belongs to another format.
  return text.replace(/^=+\n/, "");
}

/** With the same end at every line: one that only gains another end would be shown. */
function plain(text: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  return lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
}

/** What is left to whoever runs this. */
export function byHand({ changes, command }: Pick<Plan, "changes" | "command">): string[] {
  return [
    ...changes.flatMap((change) =>
      change.kind === "by-hand" ? [`${placeOf(change)}:\n\n${change.lines}`] : [],
    ),
    ...(command === undefined ? [] : [`Run: ${command}`]),
  ];
}

/** What to do now that all else is done. */
export function closing(plan: Plan): string {
  const { signIn } = frameworkFacts[plan.framework];
  const first = byHand(plan).length > 0 ? "Do what is left to you above." : "Done.";
  return plan.appUrl && signIn
    ? `${first} Start the app, and sign up at ${new URL(signIn, plan.appUrl).href}`
    : first;
}

function placeOf(change: Extract<Change, { kind: "by-hand" }>): string {
  const { path, isRenamable, inPlaceOf, after = [] } = change;
  const or = isRenamable ? ", or to a file of another name that is imported in its place" : "";
  const once = after.length > 0 ? `, once ${after.join(" and ")}` : "";
  const instead = inPlaceOf === undefined ? "" : `, in place of ${inPlaceOf}`;
  return `Add to ${path}${or}${instead}${once}`;
}
