/** Finds or installs what a clone needs before anything can be built. Safe to run twice and in several clones at once. */
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { answerOf, Missing, root, run, step, which } from "./process.mjs";
import { installSystemPackages } from "./system-packages.mjs";
import { ensureCargoPrograms, ensureWasmToolchain } from "./wasm-toolchain.mjs";

const LEAST_NODE = [20, 19];

/** Makes the clone ready. `needs` may name `browser`. Gives the environment of wasm builds. */
export async function bootstrap(needs = []) {
  console.log("bootstrap");
  await step("node and cargo", checkPrerequisites);
  // Packages are awaited from npm while cargo compiles.
  const [wasmEnv] = await Promise.all([
    ensureRustTools(),
    step("npm packages", installNpmPackages),
  ]);
  if (needs.includes("browser")) await step("Chromium", ensureChromium);
  return { wasmEnv };
}

/** What builds the crates for wasm. Gives the environment of such builds. */
async function ensureRustTools() {
  let wasmEnv = {};
  await step("std for wasm32", async () => {
    const toolchain = await ensureWasmToolchain();
    wasmEnv = toolchain.env;
    return toolchain.description;
  });
  await step("programs for wasm", () =>
    ensureCargoPrograms([
      {
        crate: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: lockedVersion("wasm-bindgen"),
      },
      { crate: "wasm-pack", program: "wasm-pack" },
    ]),
  );
  return wasmEnv;
}

function checkPrerequisites() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    throw new Missing(
      `Node ${LEAST_NODE.join(".")} or newer is needed, this is ${process.versions.node}`,
    );
  }
  const cargo = answerOf("cargo", ["--version"]);
  if (cargo === undefined)
    throw new Missing(
      "cargo is needed to build the Rust crates: install Rust from https://rustup.rs",
    );
  return `${process.versions.node}, ${cargo.split(" ")[1]}`;
}

async function installNpmPackages() {
  const installed = join(root, "node_modules/.package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs)
    return "present";
  // Through a link npm would empty the folder of another clone.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Missing(
      "node_modules is a link and not up to date: remove the link, packages are installed here",
    );
  await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"]);
  return "installed";
}

/** The version that Cargo.lock names: written there and nowhere else. */
function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const version = new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`).exec(lock)?.[1];
  if (version === undefined) throw new Missing(`Cargo.lock does not name ${crate}`);
  return version;
}

/** An installed browser; a download of its own would not work everywhere. */
async function ensureChromium() {
  const found = ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => which(name))
    .find(Boolean);
  if (found) return "present";
  return installSystemPackages(["chromium"], "the browser tests");
}
