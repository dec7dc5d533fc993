/** `init`: from an app to one that people can sign in to. */
import { webOrigin } from "../../auth-config/app-origin.js";
import { runConvex } from "../convex-cli.js";
import { doctor, envFile } from "../doctor.js";
import { exit } from "../exit.js";
import { printable } from "../printable.js";
import type { ExitCode } from "../exit.js";
import { applyChanges } from "./apply.js";
import type { FileChange } from "./apply.js";
import { Cancelled, openDialogue } from "./dialogue.js";
import type { Dialogue } from "./dialogue.js";
import { frameworkFacts, FRAMEWORKS, REACT_ROUTER } from "../frameworks.js";
import type { Framework } from "../frameworks.js";
import { addCommand } from "../package-manager.js";
import { makePlan } from "./plan.js";
import type { Change, Plan } from "./plan.js";
import { findProject } from "./project.js";
import type { Project } from "./project.js";
import { lineOf, runPackageManager, untilInterrupted } from "./run.js";
import { byHand, closing, diffOf, summary } from "./show.js";
import { noPageOfVite } from "./templates/vite.js";
import { originOf, setVariables } from "./variables.js";
import { WrongUsage } from "./wrong-usage.js";

/** What `init` is asked to do. */
export interface InitOptions {
  /** @default what the app's packages tell */
  readonly framework?: Framework | undefined;
  /** The app's address, for the deployment's `SITE_URL`. @default that of the framework's development server */
  readonly appUrl?: string | undefined;
  /** The app's folder, or one within it. */
  readonly cwd: string;
  /** Shows what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Asks nothing. */
  readonly yes: boolean;
  /** Sets the variables of the production deployment, and nothing else. */
  readonly prod: boolean;
}

/** Sets up the app in a folder, and ends with what `doctor` says. */
export async function init(options: InitOptions): Promise<ExitCode> {
  const dialogue = openDialogue(options);
  try {
    enter(options.cwd);
    const project = findProject(process.cwd());
    process.chdir(project.root);
    return await (options.prod
      ? production(dialogue, options)
      : development(project, dialogue, options));
  } catch (error) {
    if (error instanceof WrongUsage) {
      process.stderr.write(`${error.code}: ${printable(error.message)}\n`);
      return exit.usage;
    }
    if (!(error instanceof Cancelled)) throw error;
    dialogue.end(error.message);
    return exit.problems;
  }
}

function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch {
    throw new WrongUsage(
      `--cwd: ${folder} is not a folder that can be entered. Give the app's folder.`,
    );
  }
}

async function production(dialogue: Dialogue, { appUrl, dryRun }: InitOptions): Promise<ExitCode> {
  const origin = originOf(
    appUrl ?? (await dialogue.ask("Where will people open the app?", "https://app.example.com")),
  );
  if (dryRun) {
    dialogue.say(
      `Would set what is missing of BETTER_AUTH_SECRET and SITE_URL=${origin} on the production deployment.`,
    );
    return exit.fine;
  }
  if (!(await dialogue.agree(`Set up the production deployment for ${origin}?`)))
    throw new Cancelled("Nothing was done.");
  await variables(dialogue, origin, true);
  dialogue.say("Deploy with `npx convex deploy`. What is there now:");
  return examine(true);
}

async function development(
  project: Project,
  dialogue: Dialogue,
  options: InitOptions,
): Promise<ExitCode> {
  const framework = options.framework ?? project.framework ?? (await chosen(project, dialogue));
  const plan = makePlan(project, framework, options.appUrl && originOf(options.appUrl));
  const { appUrl } = plan;
  const add = plan.install.length > 0 ? await addCommand(project.root, plan.install) : undefined;
  dialogue.show(
    frameworkFacts[framework].label,
    [...(add ? [`$ ${lineOf(add)}`] : []), summary(plan.changes)].join("\n"),
  );
  const touched = plan.changes.filter(isTouched);
  if (options.dryRun) {
    for (const change of touched) process.stdout.write(`\n${diffOf(change)}`);
    leftToDo(dialogue, plan);
    dialogue.say(
      `Would set what is missing of BETTER_AUTH_SECRET${appUrl ? ` and SITE_URL=${appUrl}` : ""} on the deployment.`,
    );
    return exit.fine;
  }
  const isNew = add !== undefined || touched.length > 0;
  if (isNew && !(await dialogue.agree("Do this?"))) throw new Cancelled("Nothing was done.");
  const agreed = await patchesAgreedTo(dialogue, plan.changes);
  if (add) {
    dialogue.step(lineOf(add));
    const nothing = "No file was written. Run `npx convex-gate init` again.";
    await untilInterrupted(nothing, () => runPackageManager(add, dialogue.isTerminal));
  }
  applyChanges(project.root, agreed.filter(isTouched));
  leftToDo(dialogue, { ...plan, changes: agreed });
  if (!(await deployed(dialogue, isNew))) return exit.problems;
  await variables(dialogue, appUrl, false);
  const code = await examine(false);
  dialogue.end(
    code === exit.fine
      ? closing({ ...plan, changes: agreed })
      : "Look at the errors above; `npx convex-gate doctor` looks again.",
  );
  return code;
}

/** A patch that is not wanted becomes lines to add by hand. */
async function patchesAgreedTo(dialogue: Dialogue, changes: readonly Change[]): Promise<Change[]> {
  const agreed: Change[] = [];
  for (const change of changes) {
    if (change.kind !== "patch") {
      agreed.push(change);
      continue;
    }
    process.stdout.write(`\n${diffOf(change)}\n`);
    const isWanted = await dialogue.agree(`Change ${change.path} like this?`);
    agreed.push(isWanted ? change : { ...change, kind: "by-hand" });
  }
  return agreed;
}

const PUSH = "npx convex dev --once";
/** Where nobody can see that it hangs. */
const PUSH_MOST_MS = 10 * 60_000;
const LATE =
  "This takes long. Where a deployment cannot be reached, the Convex CLI tries again for ever: look at the addresses in .env.local, and end it with Ctrl-C.";
const AGAIN =
  "Run `npx convex dev` until it has pushed the functions, and then `npx convex-gate init` again, which sets the variables.";

/**
 * Pushes once, which makes a deployment where there is none: the Convex CLI asks where. False where that was not wanted or
 * went wrong; then the rest waits for another run.
 */
async function deployed(dialogue: Dialogue, isNew: boolean): Promise<boolean> {
  const hasOne = ["CONVEX_DEPLOYMENT", "CONVEX_SELF_HOSTED_URL", "CONVEX_DEPLOY_KEY"].some(
    (name) => ({ ...envFile(".env.local"), ...process.env })[name],
  );
  if (hasOne && !isNew) return true;
  const question = hasOne
    ? "Push the Convex functions to the development deployment with `npx convex dev --once`?"
    : "There is no Convex deployment yet. Make one with `npx convex dev --once`?";
  if (!(await dialogue.agree(question))) {
    if (!hasOne) dialogue.say(AGAIN);
    return hasOne;
  }
  dialogue.step(PUSH);
  const late = setTimeout(() => dialogue.say(LATE), 60_000);
  const { code } = await untilInterrupted(`The files are written. ${AGAIN}`, () =>
    runConvex(["dev", "--once"], dialogue.isTerminal ? {} : { stopAfterMs: PUSH_MOST_MS }),
  ).finally(() => clearTimeout(late));
  if (code === 0) return true;
  const why = code === undefined ? "did not end within ten minutes" : "failed, and says above why";
  dialogue.say(`\`${PUSH}\` ${why}. ${AGAIN}`);
  return false;
}

async function variables(
  dialogue: Dialogue,
  appUrl: string | undefined,
  prod: boolean,
): Promise<void> {
  dialogue.step("npx convex env set");
  const { names, siteUrl } = await setVariables(appUrl, { prod });
  dialogue.say(
    names.length > 0
      ? `Set ${names.join(" and ")}.`
      : "The deployment's variables are set already.",
  );
  // A page elsewhere is refused: INVALID_ORIGIN.
  if (appUrl !== undefined && siteUrl !== undefined && webOrigin(siteUrl) !== appUrl)
    dialogue.say(
      `SITE_URL of the deployment stays ${siteUrl}, and nobody can sign in at ${appUrl}. If the app is there: npx convex env set ${prod ? "--prod " : ""}SITE_URL ${appUrl}`,
    );
}

function examine(prod: boolean): Promise<ExitCode> {
  return doctor({ basePath: "/api/auth", offline: false, json: false, deployment: true, prod });
}

function leftToDo(dialogue: Dialogue, plan: Plan): void {
  for (const lines of byHand(plan)) dialogue.show("Left to you", lines);
}

async function chosen({ packages }: Project, dialogue: Dialogue): Promise<Framework> {
  if (packages.has(REACT_ROUTER)) throw noPageOfVite("is one of React Router's framework mode");
  const choices = Object.fromEntries(FRAMEWORKS.map((each) => [each, frameworkFacts[each].label]));
  return (await dialogue.choose("Which framework is this?", choices)) as Framework;
}

function isTouched(change: Change): change is FileChange {
  return change.kind === "write" || change.kind === "patch";
}
