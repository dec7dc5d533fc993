import { Missing } from "./process.mjs";

/** Runs a script's work: what is missing is told in one message, anything else with its stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Missing ? `\nmissing: ${error.message}` : error);
    process.exitCode = 1;
  }
}
