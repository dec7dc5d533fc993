/** What is said and asked. Without a terminal nothing is asked, and lines are plain. */
import { confirm, isCancel, log, note, outro, select, text } from "@clack/prompts";
import { WrongUsage } from "./wrong-usage.js";

/** How `init` speaks with whoever runs it. */
export interface Dialogue {
  /** Whether somebody sees what is said, and can be asked. */
  readonly isTerminal: boolean;
  readonly say: (line: string) => void;
  readonly show: (title: string, lines: string) => void;
  readonly end: (line: string) => void;
  /** Says what now takes its time. */
  readonly step: (line: string) => void;
  /** Whether it may be done; `--yes` says so to all. */
  readonly agree: (question: string) => Promise<boolean>;
  readonly choose: (question: string, choices: Readonly<Record<string, string>>) => Promise<string>;
  readonly ask: (question: string, example: string) => Promise<string>;
}

/** Thrown when Ctrl-C was pressed. The message says what was done. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** `option` is what to give where nobody can be asked. */
export function openDialogue({ yes }: { readonly yes: boolean }): Dialogue {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const refuse = (advice: string): never => {
    const why = yes ? "With --yes nobody is asked" : "There is no terminal to ask in";
    throw new WrongUsage(`${why}. Give ${advice}.`);
  };
  return {
    isTerminal,
    ...(isTerminal ? terminal : plain),
    async agree(question) {
      if (yes) return true;
      return isTerminal
        ? answered(confirm({ message: question }))
        : refuse("--yes, or look first with --dry-run");
    },
    async choose(question, choices) {
      if (!isTerminal || yes) return refuse(`--framework ${Object.keys(choices).join("|")}`);
      const options = Object.entries(choices).map(([value, label]) => ({ value, label }));
      return answered(select({ message: question, options }));
    },
    async ask(question, example) {
      if (!isTerminal || yes) return refuse(`--app-url ${example}`);
      return answered(text({ message: question, placeholder: example }));
    },
  };
}

async function answered<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Cancelled("Nothing more was done.");
  return answer as Exclude<T, symbol>;
}

type Voice = Pick<Dialogue, "say" | "show" | "end" | "step">;

const terminal: Voice = {
  say: (line) => log.info(line),
  show: (title, lines) => note(lines, title, { format: (line) => line }),
  end: (line) => outro(line),
  // The library's spinner takes Ctrl-C and Escape for itself: it ends this program with 0, and none that this one runs.
  step: (line) => log.step(`${line} …`),
};

const plain: Voice = {
  say: print,
  show: (title, lines) => print(`\n${title}\n\n${lines}\n`),
  end: print,
  step: (line) => print(`${line} …`),
};

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
