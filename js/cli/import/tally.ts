/** What an import came to so far, as numbers and as a list of everything that whoever runs it should look at. */
import type { RowNote, RowResult } from "../../import/protocol.js";
import type { Dropped } from "./source.js";
import { whyOf } from "./reasons.js";

/** Rows of a model by what became of them. */
export interface Counts {
  created: number;
  unchanged: number;
  refused: number;
}

/** One thing about one row. Never a value of it. */
export interface Event {
  readonly kind: "refused" | "note" | "dropped";
  readonly code: string;
  readonly model: string;
  readonly why: string;
  readonly field?: string | undefined;
  /** The provider, of an unknown one. */
  readonly value?: string | undefined;
  readonly id?: string | undefined;
  /** The row that has what this one wants. */
  readonly other?: string | undefined;
  readonly count?: number | undefined;
}

/** All events of one kind, in a report. */
export interface Issue {
  readonly kind: Event["kind"];
  readonly code: string;
  readonly model: string;
  readonly field?: string;
  readonly value?: string;
  readonly why: string;
  count: number;
  readonly ids: (string | { readonly id: string; readonly other: string })[];
}

/** What a step of an import adds. */
export interface Additions {
  readonly counts: Readonly<Record<string, Counts>>;
  readonly events: readonly Event[];
}

/** Of a dropped field or an unknown provider so many ids are told: it is mostly in every row. */
const MOST_IDS_OF_A_NOTE = 20;

/** The sum of all steps. */
export interface Tally {
  readonly counts: Record<string, Counts>;
  readonly issues: Issue[];
  add(step: Additions): void;
}

/** A tally with nothing in it. */
export function createTally(): Tally {
  const counts: Record<string, Counts> = {};
  const byName = new Map<string, Issue>();
  const issues: Issue[] = [];
  return {
    counts,
    issues,
    add(step) {
      for (const [model, more] of Object.entries(step.counts)) {
        const sum = (counts[model] ??= { created: 0, unchanged: 0, refused: 0 });
        for (const key of ["created", "unchanged", "refused"] as const) sum[key] += more[key];
      }
      for (const event of step.events) {
        const { kind, code, model, field, value, why, id, other, count = 1 } = event;
        const name = JSON.stringify([kind, code, model, field, value, why]);
        let issue = byName.get(name);
        if (!issue) {
          issue = {
            kind,
            code,
            model,
            ...(field !== undefined && { field }),
            ...(value !== undefined && { value }),
            why,
            count: 0,
            ids: [],
          };
          byName.set(name, issue);
          issues.push(issue);
        }
        issue.count += count;
        if (id !== undefined && (kind !== "note" || issue.ids.length < MOST_IDS_OF_A_NOTE))
          issue.ids.push(other === undefined ? id : { id, other });
      }
    },
  };
}

/** What a row adds. */
export function outcomeOf(
  model: string,
  id: unknown,
  result: RowResult,
  notes: readonly RowNote[] = [],
): Additions {
  const row = { model, ...(typeof id === "string" && { id }) };
  const counts = { created: 0, unchanged: 0, refused: 0 };
  counts[typeof result === "string" ? result : "refused"] = 1;
  const events: Event[] = [];
  if (typeof result !== "string")
    events.push({ kind: "refused", ...row, ...result, why: whyOf(result.code, result.why) });
  // Of a row that stays away nothing was changed.
  else
    for (const note of notes) events.push({ kind: "note", ...row, ...note, why: whyOf(note.code) });
  return { counts: { [model]: counts }, events };
}

/** What a reader left out. */
export function dropsOf(dropped: readonly Dropped[] = []): Additions {
  return { counts: {}, events: dropped.map((each) => ({ kind: "dropped", ...each })) };
}
