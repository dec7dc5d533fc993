import { Missing, WrongUsage } from "./process.mjs";

/** Runs a script's work: what is missing or wrong usage is told in one message, anything else with its stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(told(error));
    process.exitCode = error instanceof WrongUsage ? 2 : 1;
  }
}

function told(error) {
  if (error instanceof Missing) return `\nmissing: ${error.message}`;
  return error instanceof WrongUsage ? `wrong usage: ${error.message}` : error;
}
