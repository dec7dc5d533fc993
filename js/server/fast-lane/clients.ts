/** How many clients of the component were made so far: each belongs to a module that was evaluated. */

let made = 0;

/** Counts a client. */
export function countClient(): void {
  made += 1;
}

/** The clients so far. */
export function clientsMade(): number {
  return made;
}
