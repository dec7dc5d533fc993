import { version } from "react";
import { version as domVersion } from "react-dom";
import { expect, it } from "vitest";

it("the tests of components run with the React that their project is for", () => {
  const major = process.env["REACT_MAJOR"] ?? "19";
  expect([version, domVersion].map((each) => each.split(".")[0])).toEqual([major, major]);
});
