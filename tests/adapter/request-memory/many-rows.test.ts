/** A request that reads much remembers little, and takes none of what it has forgotten for absent. */
import { expect, it } from "vitest";
import { createKnowledge } from "../../../js/adapter/request-memory/knowledge.js";
import { remembering } from "../../../js/adapter/request-memory/remembering-store.js";
import { createNaiveStore } from "./support/naive-store.js";

const members = {
  as: "member",
  table: "member",
  from: "id",
  to: "organizationId",
  limit: 100,
  relation: "one-to-many" as const,
};
const where = [{ field: "organizationId", value: "o2" }];
const rows = Array.from({ length: 270 }, (_, index) => ({
  id: `m${String(index)}`,
  organizationId: `o${String(index % 3)}`,
}));

it("where the lists of many rows are joined", async () => {
  const organization = ["o0", "o1", "o2"].map((id) => ({ id }));
  const { store } = createNaiveStore({ organization, member: [...rows] });
  const remembered = remembering(store);
  remembered.begin();
  await remembered.run("findMany", { model: "organization", where: [], join: [members] });
  expect(await remembered.run("deleteMany", { model: "member", where })).toBe(90);
});

it("where one list after the other is read", () => {
  const knowledge = createKnowledge();
  const told = () => knowledge.foresee("count", { model: "member", where })?.result ?? 90;
  for (const value of ["o2", "o0", "o1", "o2"]) {
    const list = rows.filter(({ organizationId }) => organizationId === value);
    const args = { model: "member", where: [{ field: "organizationId", value }], limit: 100 };
    knowledge.learn("findMany", args, list);
    expect(told()).toBe(90);
  }
});

it("where rows have no id to be known by", () => {
  const knowledge = createKnowledge();
  knowledge.learn("findMany", { model: "member", where, limit: 100 }, [{ organizationId: "o2" }]);
  expect(knowledge.foresee("count", { model: "member", where })).toBeUndefined();
});
