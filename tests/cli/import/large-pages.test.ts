// @vitest-environment node
/** Pages with more rows than a list has that is asked for without a limit. */
import { expect, it } from "vitest";
import type { RowResult } from "../../../js/import/protocol.js";
import type { SourceRow } from "../../../js/cli/import/source.js";
import { createTestDeployment } from "./support/deployment.js";
import type { TestDeployment } from "./support/deployment.js";
import { credential, user } from "./support/export.js";

/** The core's default is 100. */
const MANY = 120;
const names = Array.from({ length: MANY }, (_each, index) => `u${String(index)}`);
let pages = 0;

/** What became of the rows of a page, and of how many each. */
async function sent(
  deployment: TestDeployment,
  model: string,
  rows: readonly SourceRow[],
): Promise<Record<string, number>> {
  const text = JSON.stringify(rows.map((row) => ({ model, row })));
  const answer = await deployment.page(text, { run: "run", number: (pages += 1) });
  const counts: Record<string, number> = {};
  for (const { result } of answer.rows) {
    const name = nameOf(result);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function nameOf(result: RowResult | undefined): string {
  return typeof result === "object" ? `${result.code} ${result.field ?? ""}` : (result ?? "none");
}

it("every row is seen that is stored beside a full page: by reference, by id and by what is unique", async () => {
  const deployment = createTestDeployment();
  const users = names.map((name) => user(name));
  expect(await sent(deployment, "user", users)).toEqual({ created: MANY });
  const accounts = names.map((name) => credential(name));
  expect(await sent(deployment, "account", accounts)).toEqual({ created: MANY });
  expect(await sent(deployment, "account", accounts)).toEqual({ unchanged: MANY });
  expect(await sent(deployment, "user", users)).toEqual({ unchanged: MANY });
  const others = names.map((name) => user(`other-${name}`, { email: `${name}@example.com` }));
  expect(await sent(deployment, "user", others)).toEqual({ "DUPLICATE email": MANY });
  const same = accounts.map((account) => ({ ...account, id: `other-${account.id}` }));
  const pair = "DUPLICATE providerId, accountId";
  expect(await sent(deployment, "account", same)).toEqual({ [pair]: MANY });
  expect(await deployment.rows("user")).toHaveLength(MANY);
  expect(await deployment.rows("account")).toHaveLength(MANY);
});

it("a reference to a field that is not unique is seen for each value, however many rows the first has", async () => {
  const deployment = createTestDeployment({
    plugins: [
      {
        id: "pets",
        schema: {
          pet: {
            fields: {
              owner: { type: "string", references: { model: "user", field: "name" } },
            },
          },
        },
      },
    ],
  });
  const twins = names.map((id) => user(id, { name: "twin" }));
  await sent(deployment, "user", twins);
  await sent(deployment, "user", [user("ada"), user("grace")]);
  const pets = ["twin", "ada", "nobody", "grace", "twin"].map((owner, at) => ({
    id: `pet${String(at)}`,
    owner,
  }));
  expect(await sent(deployment, "pet", pets)).toEqual({
    created: 4,
    "REFERENCE_MISSING owner": 1,
  });
});

it("indexes that an import makes are called as those of other writes", async () => {
  const handle = { type: "string", required: false, unique: true } as const;
  const deployment = createTestDeployment({ user: { additionalFields: { handle } } });
  await sent(deployment, "user", [user("ada", { handle: "ada" })]);
  const [catalogue] = await deployment.rows("gateCatalogue");
  expect(catalogue?.["indexes"]).toEqual({ "handle!": true });
});
