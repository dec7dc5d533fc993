#!/usr/bin/env node
/**
 * `npx convex-gate`: sets an app up (`init`), makes and rotates keys, brings users from elsewhere (`import`) and looks at a
 * set-up (`doctor`). Secrets go to standard output or to another program's standard input, never into arguments.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { KeyAlgorithm } from "../auth-config/keys.js";
import { isGateError } from "../errors/index.js";
import { appFolder } from "./app.js";
import { doctor, envFile } from "./doctor.js";
import type { DoctorOptions } from "./doctor.js";
import { exit } from "./exit.js";
import type { ImportOptions } from "./import/index.js";
import { SOURCES } from "./import/source.js";
import { FRAMEWORKS } from "./frameworks.js";
import type { InitOptions } from "./init/index.js";
import type { ExitCode } from "./exit.js";
import { ownVersion } from "./own-version.js";
import { printable } from "./printable.js";
import { generateKeys, rotateDeploymentKeys, rotateStaticKeys } from "./rotate.js";
import type { DeploymentRotation } from "./rotate.js";

// Who reads our output may have seen enough (`| head`); Node would end with a trace of its own.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exit.problems);
});

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<ExitCode> {
  let code: ExitCode = exit.fine;
  const program = commands((done) => {
    code = done;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has said what is wrong; only its exit code 0 means that help was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.fine : exit.usage;
    const text = error instanceof Error ? error.message : "failed";
    process.stderr.write(`${isGateError(error) ? error.code : "FAILED"}: ${printable(text)}\n`);
    return exit.problems;
  }
}

function commands(finish: (code: ExitCode) => void): Command {
  const program = new Command("convex-gate")
    .description("Keys, set-up and imports of convex-gate.")
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 problems found, 2 wrong usage, or nothing could be looked at.",
    )
    // Set before the commands are added, which inherit it.
    .showHelpAfterError()
    .exitOverride()
    .option("-V, --version", "print the version")
    .on("option:version", () => {
      const version = ownVersion();
      process.stdout.write(`${version}\n`);
      throw new CommanderError(exit.fine, "commander.version", version);
    });

  program
    .command("init")
    .description(
      "set up the app in this folder: packages, Convex files, client, sign-in page and the deployment's variables",
    )
    .addOption(
      new Option(
        "--framework <name>",
        "what the app is built with (default: what its packages say)",
      ).choices(FRAMEWORKS),
    )
    .option(
      "--app-url <url>",
      "where people open the app, for SITE_URL (default: its development server)",
    )
    .addOption(
      new Option("--dry-run", "show what would be done, as a diff, and do nothing").default(false),
    )
    .option("-y, --yes", "ask nothing", false)
    .option("--cwd <folder>", "the app's folder", ".")
    .option("--prod", "set the variables of the production deployment, and nothing else", false)
    .action(async (options: InitOptions) => {
      // Loaded here, so that the other commands start without what only this one uses.
      const { init } = await import("./init/index.js");
      finish(await init(options));
    });

  const keys = program.command("keys").description("make and rotate signing keys");
  keys
    .command("generate")
    .description("print a static key set for STATIC_JWKS")
    .addOption(algorithm().default("RS256"))
    .addOption(setOption())
    .addOption(prodOption())
    .action(
      async (options: { alg: KeyAlgorithm; set: boolean; prod: boolean }, command: Command) => {
        needs(command, "prod", ["set"]);
        finish(await generateKeys(options.alg, options));
      },
    );
  keys
    .command("rotate")
    .description(
      "add a key to the set in STATIC_JWKS or on standard input, or rotate a deployment's own",
    )
    .addOption(algorithm())
    .addOption(envFileOption())
    .addOption(
      new Option(
        "--deployment",
        "rotate the keys that the deployment made itself, with `npx convex run`",
      ).conflicts(["alg", "set"]),
    )
    .option("--function <name>", "the app's function that does it", "auth:rotateKeys")
    .option("--compromised", "withdraw every older key at once", false)
    .addOption(setOption())
    .addOption(prodOption())
    .action(async (options: RotateOptions, command: Command) => {
      needs(command, "prod", ["deployment", "set"]);
      needs(command, "function", ["deployment"]);
      finish(
        options.deployment
          ? await rotateDeploymentKeys(options)
          : await rotateStaticKeys(environment(options.envFile), options),
      );
    });

  program
    .command("import")
    .description("bring users, accounts and other rows here from the export of another auth system")
    .addOption(
      new Option("--from <source>", "the system that made the export")
        .choices(SOURCES)
        .makeOptionMandatory(),
    )
    .requiredOption("--file <path>", "the export: a file or a folder")
    .addOption(
      new Option("--dry-run", "write nothing, and report what would be done").default(false),
    )
    .addOption(
      new Option("--resume", "go on with an import that was stopped")
        .default(false)
        .conflicts("dryRun"),
    )
    .option("--report <path>", "the file of the report", "convex-gate-import.json")
    .option("--function <name>", "the app's function that takes the rows", "auth:importPage")
    .option("-y, --yes", "ask nothing, also where users are already", false)
    .addOption(envFileOption())
    .addOption(prodOption())
    .action(async (options: ImportOptions & { envFile?: string }) => {
      // Loaded here, so that the other commands start without what only this one uses.
      const { importUsers } = await import("./import/index.js");
      finish(await importUsers(environment(options.envFile), options));
    });

  program
    .command("doctor")
    .description(
      "look at the variables of the deployment and of the frontend, and ask the deployment whether it answers as it should",
    )
    .addOption(envFileOption())
    .addOption(
      new Option(
        "--site-url <url>",
        "the deployment's .convex.site address (default: what the variables say)",
      ).argParser(webAddress),
    )
    .option("--base-path <path>", "where Better Auth is mounted", "/api/auth")
    .addOption(
      new Option("--offline", "look at the variables that are here, and ask nobody")
        .default(false)
        .conflicts(["deployment", "prod", "siteUrl"]),
    )
    .option(
      "--deployment",
      "end with an error where the deployment's variables cannot be read with `npx convex env list`",
      false,
    )
    .addOption(prodOption())
    .option("--json", "print the findings as JSON", false)
    .action(async (options: DoctorOptions) => {
      finish(await doctor(options));
    });
  return program;
}

type RotateOptions = DeploymentRotation & {
  alg?: KeyAlgorithm;
  deployment?: true;
  envFile?: string;
  set: boolean;
};

/** Ends with wrong usage when an option is given that means nothing without one of the others. */
function needs(command: Command, option: string, others: readonly string[]): void {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  if (!isGiven(option) || others.some(isGiven)) return;
  const names = others.map((name) => `--${name}`).join(" or ");
  command.error(`error: option '--${option}' has no effect without ${names}`);
}

function setOption(): Option {
  return new Option(
    "--set",
    "put the set into STATIC_JWKS of the deployment, with `npx convex env`, and print nothing",
  ).default(false);
}

function prodOption(): Option {
  return new Option("--prod", "the production deployment").default(false);
}

function algorithm(): Option {
  return new Option("--alg <algorithm>", "signature algorithm").choices(["RS256", "ES256"]);
}

function envFileOption(): Option {
  // Node 20 reads `--env-file` among a script's arguments as an option of its own, and ends with 9 where the file is not there.
  return new Option(
    "--env, --env-file <file>",
    "variables beside the process's, which win (default: .env.local)",
  ).argParser(fileThere);
}

function fileThere(path: string): string {
  if (existsSync(path)) return resolve(path);
  throw new InvalidArgumentError("There is no such file.");
}

function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("It is not an address like https://your-app.convex.site.");
}

function environment(file = join(appFolder(), ".env.local")): Record<string, string | undefined> {
  return { ...envFile(file), ...process.env };
}
