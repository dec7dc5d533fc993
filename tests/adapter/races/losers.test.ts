/** Two requests for one value of a unique field: the loser is told what it would be told a moment later. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Answer, Case } from "./losers/case.js";
import { coreCases } from "./losers/core.js";
import { oauthCases } from "./losers/oauth.js";
import { pluginCases } from "./losers/plugins.js";
import { scimCases } from "./losers/scim.js";
import { RANDOM, uniqueFields } from "./losers/unique-fields.js";
import type { RaceApp } from "./overtaking.js";
import { createRaceApp } from "./overtaking.js";

const cases: Case[] = [...coreCases, ...pluginCases, ...scimCases, ...oauthCases];
const rows = cases.map((each): [string, Case] => [`${each.field}: ${each.by}`, each]);

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { code, scimType, error } = (text === "" ? {} : JSON.parse(text)) as Record<string, string>;
  // OAuth tells a browser by where it sends it.
  const to = new URL(response.headers.get("location") ?? "", response.url || "https://example.com");
  const named = code ?? scimType ?? error ?? to.searchParams.get("error");
  return named == null ? [response.status] : [response.status, named];
}

/** Whatever was answered: there are rows that have the field, and no two have the same in it. */
async function expectDistinct(app: RaceApp, field: string): Promise<void> {
  const [model = "", group = ""] = field.split(".");
  const values = (await app.rows(model))
    .map((row) => group.split("+").map((name) => row[name] ?? null))
    .filter((each) => !each.includes(null))
    .map((each) => JSON.stringify(each));
  expect(values).not.toEqual([]);
  expect(values).toEqual([...new Set(values)]);
}

/** What the second of two requests is answered: after the first, or overtaken by it. */
async function second(each: Case, overtaken: boolean, repeating = true): Promise<Answer> {
  const mails: RaceApp["mails"] = [];
  const { plugins, options = {}, prepare } = each;
  const app = createRaceApp({ repeating, mails, options, plugins: () => plugins?.(mails) ?? [] });
  const first = await prepare(app, app.browser(), 0);
  const request = await prepare(app, app.browser(), 1);
  const win = async (): Promise<void> => expect((await first()).status).toBeLessThan(400);
  if (overtaken) app.overtake(win);
  else await win();
  const answer = await answerOf(await request());
  expect(app.overtaken()).toBe(overtaken);
  await expectDistinct(app, each.field);
  return answer;
}

beforeEach(() => {
  // Better Auth prints what its handler did not expect.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

it("every unique field was looked at", async () => {
  const raced = new Set(cases.map(({ field }) => field));
  expect([...raced, ...Object.keys(RANDOM)].toSorted()).toEqual(await uniqueFields());
});

it.each(rows)("%s", async (_name, each) => {
  expect.soft(await second(each, false), "a later request").toEqual(each.answer);
  expect.soft(await second(each, true), "the loser").toEqual(each.loser ?? each.answer);
});

it.each(rows)("%s, without a second try", async (_name, each) => {
  expect(await second(each, true, false)).toEqual(each.alone);
});
