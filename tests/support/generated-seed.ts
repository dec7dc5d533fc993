/** Lets `npm run fuzz` choose the seed of every fast-check property, and counts the cases. Otherwise it does nothing. */
const seed = process.env["GENERATED_SEED"];

if (seed !== undefined) {
  const { configureGlobal, defaultReportMessage } = await import("fast-check");
  configureGlobal({
    seed: Number(seed),
    reporter: (details) => {
      console.log(`generated: ${String(details.numRuns)}`);
      if (details.failed) throw new Error(defaultReportMessage(details));
    },
  });
}
