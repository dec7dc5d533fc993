/** Better Auth with most of its plugins over the component, whose state is kept and taken up again. */
import { admin } from "better-auth/plugins/admin";
import { anonymous } from "better-auth/plugins/anonymous";
import { deviceAuthorization } from "better-auth/plugins/device-authorization";
import { emailOTP } from "better-auth/plugins/email-otp";
import { magicLink } from "better-auth/plugins/magic-link";
import { multiSession } from "better-auth/plugins/multi-session";
import { oneTimeToken } from "better-auth/plugins/one-time-token";
import { organization } from "better-auth/plugins/organization";
import { phoneNumber } from "better-auth/plugins/phone-number";
import { twoFactor } from "better-auth/plugins/two-factor";
import { username } from "better-auth/plugins/username";
import { getFunctionAddress } from "convex/server";
import { backgroundOf } from "../../../../js/adapter/background.js";
import { createComponentStore } from "../../../../js/adapter/index.js";
import type { StoreCtx } from "../../../../js/adapter/index.js";
import type { Contents } from "../../../host/database.js";
import { openDatabase } from "../../../host/database.js";
import { createBrowser, plainPasswords } from "../../../plugins/support/app.js";
import { createComponentApp } from "../../../support/component-app.js";
import { withoutDrawn } from "../../../support/two-ways/random.js";
import { writesOf } from "../../../support/two-ways/writes.js";
import { asRequest, drawingTheSame } from "./request.js";

/** Who makes a request. */
export type Who = "ada" | "bob" | "dan" | "eve" | "nobody";

/** A request. */
export interface Ask {
  readonly as: Who;
  readonly path: string;
  readonly body?: object;
}

/** How a request is made. */
export interface Way {
  readonly memory: boolean;
  readonly seed: number;
  /** Runs before the component's call of this number, the first is 0; nothing else of the request goes on meanwhile. */
  readonly before?: (call: number) => Promise<unknown>;
}

/** What came of a request. */
export interface Asked {
  /** Status, headers and body as text. */
  readonly answer: string;
  /** The component's calls, with their arguments. */
  readonly calls: readonly string[];
  readonly response: Response;
}

/** All that lasts from one request to the next. */
export interface State {
  readonly contents: Contents;
  readonly cookies: ReadonlyMap<Who, ReadonlyMap<string, string>>;
  readonly mails: readonly string[];
}

/** The app and who uses it. */
export interface World {
  ask(ask: Ask, way: Way): Promise<Asked>;
  /** The mails so far, newest last: codes and tokens. */
  readonly mails: string[];
  state(): State;
  become(state: State): Promise<void>;
  /** Changes a row, as a developer does in the dashboard. */
  write(model: string, id: string, update: Record<string, unknown>): Promise<unknown>;
  /** What was written since, a line a row. */
  writesSince(state: State): string[];
}

/** An empty app. */
export async function createWorld(): Promise<World> {
  const mails: string[] = [];
  const mail = (text: string): Promise<void> => Promise.resolve(void mails.push(text));
  const app = createComponentApp({
    plugins: [
      admin({ defaultRole: "user" }),
      anonymous(),
      deviceAuthorization({ verificationUri: "/device" }),
      emailOTP({ sendVerificationOTP: ({ otp }) => mail(otp) }),
      magicLink({ sendMagicLink: ({ token }) => mail(token) }),
      multiSession(),
      oneTimeToken(),
      organization({ teams: { enabled: true } }),
      phoneNumber({
        sendOTP: ({ code }) => mail(code),
        sendPasswordResetOTP: ({ code }) => mail(code),
      }),
      twoFactor({
        skipVerificationOnEnable: true,
        otpOptions: { sendOTP: ({ otp }) => mail(otp) },
      }),
      username(),
    ],
    options: {
      emailAndPassword: {
        enabled: true,
        password: plainPasswords,
        sendResetPassword: ({ token }) => mail(token),
      },
      emailVerification: { sendVerificationEmail: ({ token }) => mail(token) },
      user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } },
    },
    adapter: (ours) => ({
      ...ours,
      transaction: (callback) => ours.transaction(drawingTheSame(callback)),
    }),
  });
  const { harness } = app;
  const database = await openDatabase((handler) => harness.t.run(handler));
  const jars = new Map<Who, ReadonlyMap<string, string>>();

  return {
    mails,
    ask: ({ as, path, body }, { before = () => Promise.resolve(), ...way }) =>
      asRequest(way, async () => {
        const calls: string[] = [];
        const auth = app.auth(createComponentStore(harness.component, ctxOf(calls, before)));
        const browser = createBrowser((request) => auth.handler(request));
        for (const [name, value] of jars.get(as) ?? []) browser.cookies.set(name, value);
        const response = await browser.request(path, body && { body });
        jars.set(as, browser.cookies);
        const { adapter } = await auth.$context;
        await backgroundOf(adapter)?.settled();
        const headers = [...response.headers].map((header) => header.join(": "));
        const text = await response.clone().text();
        const answer = [String(response.status), ...headers, text].join("\n");
        return { answer: plain(answer), calls, response };
      }),
    state: () => ({
      contents: database.contents(),
      cookies: new Map(jars),
      mails: [...mails],
    }),
    async become(state) {
      await database.become(state.contents);
      jars.clear();
      for (const [who, cookies] of state.cookies) jars.set(who, cookies);
      mails.splice(0, Infinity, ...state.mails);
    },
    write: (model, id, update) =>
      harness.store().run("updateMany", { model, where: [{ field: "id", value: id }], update }),
    writesSince: ({ contents }) => writesOf(contents, database.contents()).lines.map(plain).sort(),
  };

  /** As an action has it. Calls take turns, so that what comes before one of them comes between two. */
  function ctxOf(calls: string[], before: (call: number) => Promise<unknown>): StoreCtx {
    let last: Promise<unknown> = Promise.resolve();
    const call = (kind: "query" | "mutation") => (reference: never, args: never) => {
      const number = calls.push(`${nameOf(reference)} ${JSON.stringify(args, sorted)}`) - 1;
      const mine = last.then(async () => {
        await before(number);
        return harness.t.action((ctx): Promise<unknown> =>
          kind === "query" ? ctx.runQuery(reference, args) : ctx.runMutation(reference, args),
        );
      });
      last = mine.catch(() => undefined);
      return mine;
    };
    return { runAction: true, runQuery: call("query"), runMutation: call("mutation") };
  }
}

/** A text without the signatures of JWTs, for which the algorithm draws. */
const plain = (text: string): string => withoutDrawn(text);

function nameOf(reference: never): string {
  const { reference: path = "" } = getFunctionAddress(reference) as { reference?: string };
  return path.split("/").slice(-2).join(":");
}

function sorted(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
