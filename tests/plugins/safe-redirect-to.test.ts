import fc from "fast-check";
import { expect, it } from "vitest";
import { safeRedirectTo } from "../../js/utils/index.js";

it.each([
  "/",
  "/notes",
  "/notes?of=ada&n=1#top",
  "/a%2Fb",
  "/?next=https://evil.example",
  "/@evil.example",
])("gives %s as it is", (path) => {
  expect(safeRedirectTo(path)).toBe(path);
});

it.each([
  ...["", "notes", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example"],
  ...["/\t/evil.example", "/\n/evil.example", " /notes", "javascript:alert(1)", "/.//evil.example"],
  ...["/a/..//evil.example", "/%2e//evil.example", "///evil.example", "//", "/\\/evil.example"],
])("gives the fallback for %j", (text) => {
  expect(safeRedirectTo(text, "/home")).toBe("/home");
});

it.each([undefined, null, 1, ["/a", "/b"], {}])(
  "gives the fallback for %j, which is no text",
  (value) => {
    expect(safeRedirectTo(value)).toBe("/");
  },
);

it("never leads to another origin, as a browser reads it", () => {
  const pieces = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "%2e",
    "\t",
    "\n",
    "@",
    ":",
    "?",
    "#",
    "evil.example",
    "a",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const to = safeRedirectTo(`/${parts.join("")}`);
      expect(new URL(to, "https://app.example/page").origin).toBe("https://app.example");
    }),
  );
});
