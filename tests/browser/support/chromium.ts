/** The installed Chromium, driven without a download of its own. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser, LaunchOptions } from "playwright-core";
import { chromium } from "playwright-core";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/**
 * What Playwright (1.65) turns off itself. Of several `--disable-features` Chromium heeds the last one, which is ours, so all
 * of these are in it; `chromium.test.ts` sees whether they are.
 */
const NOT_FOR_PLAYWRIGHT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",

  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion",
];

/**
 * What Chromium (156) starts for each context and no test sees: the two pages of which the address bar's suggestions are
 * made, and a renderer in reserve. They took two thirds of what a context with one page costs.
 */
const NOT_SEEN = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess"];

/**
 * A process a site, which guards against pages that break out of theirs: a new one for each way to a provider and back. What
 * a site may read or send is decided elsewhere, as the tests of cookies of third parties see.
 */
const ISOLATION = ["IsolateOrigins", "site-per-process"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-site-isolation-trials",
  `--disable-features=${[...NOT_FOR_PLAYWRIGHT, ...NOT_SEEN, ...ISOLATION].join(",")}`,
];

/** Starts the browser without a window. */
export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch(launchOptions(flags));
}

/** With what it is started. */
export function launchOptions(flags: readonly string[] = []): LaunchOptions {
  return {
    executablePath: installed(),
    args: [...FLAGS, ...flags],
    headless: true,
  };
}

function installed(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const path of PROGRAMS.flatMap((program) => folders.map((each) => join(each, program)))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  throw new Error(
    `none of ${PROGRAMS.join(", ")} is installed: run \`node scripts/bootstrap.mjs browser\``,
  );
}
