/**
 * `npm run audit`: known faults of the dependencies, as far as the package registries tell, and what could not be checked.
 * Fails when a finding is of high severity or worse.
 */
import { cargoAudit, npmAudit, yankedCrates } from "./lib/advisories.mjs";
import { main } from "./lib/main.mjs";

const SEVERITIES = ["info", "low", "moderate", "high", "critical"];
const FAILS_FROM = SEVERITIES.indexOf("high");

await main(async () => {
  console.log("advisories");
  const checks = await Promise.all([npmAudit(), yankedCrates(), cargoAudit()]);
  for (const { name, problem, findings = [], looked } of checks) {
    if (problem !== undefined) console.log(`  ${name}: NOT CHECKED: ${problem}`);
    else
      console.log(
        `  ${name}: ${findings.length || "nothing"} found${looked ? ` in ${looked}` : ""}`,
      );
    for (const { severity, what } of findings) console.log(`    ${severity}: ${what}`);
  }
  const findings = checks.flatMap((check) => check.findings ?? []);
  const grave = findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= FAILS_FROM);
  const unchecked = checks.filter(({ problem }) => problem !== undefined).length;
  console.log(
    `\n${findings.length} found, ${grave.length} of them high or worse; ${unchecked} of ${checks.length} checks could not be made`,
  );
  if (grave.length > 0) process.exitCode = 1;
});
