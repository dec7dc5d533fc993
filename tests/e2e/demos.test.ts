import { expect, it } from "vitest";
import { demoOf } from "./demos/index.js";

it("starts the React app unless another example is named", () => {
  expect(demoOf([]).folder).toMatch(/examples\/react$/);
  expect(demoOf(["--check"]).folder).toMatch(/examples\/react$/);
  expect(demoOf(["--example", "nextjs"]).folder).toMatch(/examples\/nextjs$/);
  expect(demoOf(["--check", "--example=nextjs"]).folder).toMatch(/examples\/nextjs$/);
});

it.each([["--example", "remix"], ["--example=toString"], ["--example"]])(
  "names the examples that there are for %s %s",
  (...args) => {
    expect(() => demoOf(args.filter(Boolean))).toThrow(/--example takes react, nextjs/);
  },
);
