/** Answers that come in parts: one component call a page, each with the place where the next goes on. */

/** A page and where the next begins. */
export interface Part {
  part: unknown;
  next: string;
  ordered?: boolean;
}

/** True for the arguments of a page that goes on where another ended. */
export function isLaterPage(args: object): boolean {
  return "page" in args && args.page !== "";
}

/** Calls page after page and adds up what each says. */
export async function totalOfPages(call: (page: string) => Promise<unknown>): Promise<unknown> {
  let total = 0;
  let answer = await call("");
  while (isPart(answer)) {
    total += typeof answer.part === "number" ? answer.part : 0;
    answer = await call(answer.next);
  }
  return typeof answer === "number" ? total + answer : answer;
}

/** True for a page that another follows. */
export function isPart(answer: unknown): answer is Part {
  return (
    typeof answer === "object" && answer !== null && !Array.isArray(answer) && "next" in answer
  );
}
