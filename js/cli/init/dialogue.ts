/** What is said and asked. Without a terminal nothing is asked, and lines are plain. */
import { confirm, isCancel, log, note, outro, select, spinner, text } from "@clack/prompts";
import { GateError } from "../../errors/index.js";

/** How `init` speaks with whoever runs it. */
export interface Dialogue {
  readonly say: (line: string) => void;
  readonly show: (title: string, lines: string) => void;
  readonly end: (line: string) => void;
  /** Runs something that takes its time, and says that it does. */
  readonly during: <T>(line: string, work: () => Promise<T>) => Promise<T>;
  /** Whether it may be done; `--yes` says so to all. */
  readonly agree: (question: string) => Promise<boolean>;
  readonly choose: (question: string, choices: Readonly<Record<string, string>>) => Promise<string>;
  readonly ask: (question: string, example: string) => Promise<string>;
}

/** Thrown when Ctrl-C was pressed at a question. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** `option` is what to give where nobody can be asked. */
export function openDialogue({ yes }: { readonly yes: boolean }): Dialogue {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const refuse = (option: string): never => {
    throw new GateError(
      "INVALID_OPTION",
      `There is no terminal to ask in. Give ${option}, or look first with --dry-run.`,
    );
  };
  return {
    ...(isTerminal ? terminal : plain),
    async agree(question) {
      if (yes) return true;
      return isTerminal ? answered(confirm({ message: question })) : refuse("--yes");
    },
    async choose(question, choices) {
      if (!isTerminal || yes) return refuse("--framework");
      const options = Object.entries(choices).map(([value, label]) => ({ value, label }));
      return answered(select({ message: question, options }));
    },
    async ask(question, example) {
      if (!isTerminal || yes) return refuse("--app-url");
      return answered(text({ message: question, placeholder: example }));
    },
  };
}

async function answered<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Cancelled("Nothing more was done.");
  return answer as Exclude<T, symbol>;
}

type Voice = Pick<Dialogue, "say" | "show" | "end" | "during">;

const terminal: Voice = {
  say: (line) => log.info(line),
  show: (title, lines) => note(lines, title, { format: (line) => line }),
  end: outro,
  async during(line, work) {
    const wheel = spinner();
    wheel.start(line);
    try {
      const result = await work();
      wheel.stop(line);
      return result;
    } catch (error) {
      wheel.error(line);
      throw error;
    }
  },
};

const plain: Voice = {
  say: print,
  show: (title, lines) => print(`\n${title}\n\n${lines}\n`),
  end: print,
  during(line, work) {
    print(`${line} …`);
    return work();
  },
};

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
