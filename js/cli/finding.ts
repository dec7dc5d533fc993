/** What `doctor` finds, and what it looks at. */

/** One line of the doctor's report. */
export interface Finding {
  readonly level: "error" | "warning" | "ok" | "unseen";
  /** What was looked at, as a stable code. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

/** Variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Whether a name is used; "sometimes" where a condition decides, which nobody can know from outside. */
export type Uses = "yes" | "no" | "sometimes";

/** The variables that were seen. */
export interface Seen {
  readonly env: Env;
  /** Whether they are all that the deployment has, so that what is not among them is not set. */
  readonly isWhole: boolean;
  readonly prod: boolean;
  /** What the deployment lacks and a file here has, which no deployment reads. */
  readonly onlyHere?: readonly string[];
  /** Whether the deployment has `crossDomain()`, where that is known. */
  readonly crossDomain?: Uses | undefined;
  /** Where the app is in development. */
  readonly appUrl: string;
}

/** Says that the deployment lacks a variable. */
export function notSet(name: string, onlyHere: readonly string[] = []): string {
  return onlyHere.includes(name)
    ? "is set here only, where the deployment does not see it"
    : "is not set";
}
