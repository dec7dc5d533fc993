/** System packages, through apt where there is one and the user may use it. */
import { answerOf, Missing, run, which } from "./process.mjs";

/** Installs packages that are absent. `purpose` says what needs them, for the message when that is impossible. */
export async function installSystemPackages(packages, purpose) {
  const missing = packages.filter(
    (name) =>
      !answerOf("dpkg-query", ["-W", "-f=${Status}", name])?.includes("install ok installed"),
  );
  if (missing.length === 0) return "present";
  const remedy = `apt-get install -y ${missing.join(" ")}`;
  if (!which("apt-get"))
    throw new Missing(
      `${purpose} needs the system packages ${missing.join(", ")}; this system has no apt-get`,
    );
  if (process.getuid?.() !== 0)
    throw new Missing(`${purpose} needs system packages: run as root: ${remedy}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...missing], { env });
  return `installed ${missing.join(", ")}`;
}
