import { expect, test } from "vitest";
import { type HeldLibrary, heldLibraryWarnings } from "./held-libraries.ts";

const held: HeldLibrary = { name: "foo", version: "1-1", provides: [], wanted: { version: "2-1", provides: [] } };
const app = { name: "app", depends: ["foo"] };

test("a held library is named with the newcomers that were built beside another version", () => {
  expect(heldLibraryWarnings([held], [app, { name: "other", depends: ["bar"] }])).toEqual([
    "foo stays at 1-1, but what comes was built beside 2-1 and may look for its libraries: app",
  ]);
  expect(heldLibraryWarnings([held], [])).toEqual([]);
  expect(heldLibraryWarnings([{ ...held, wanted: { version: "1-1", provides: [] } }], [app])).toEqual([]);
});

test("versions that name the same libraries are alike to whoever needs them", () => {
  const provides = ["libfoo.so=1-64"];
  const user = { name: "app", depends: ["libfoo.so=1-64"] };
  const alike = { ...held, provides, wanted: { version: "2-1", provides } };
  expect(heldLibraryWarnings([alike], [user])).toEqual([]);
  expect(
    heldLibraryWarnings([{ ...alike, wanted: { version: "2-1", provides: ["libfoo.so=2-64"] } }], [user]),
  ).toHaveLength(1);
});

test("many newcomers are counted", () => {
  const coming = Array.from({ length: 13 }, (_, index) => ({ name: `app${index}`, depends: ["foo"] }));
  expect(heldLibraryWarnings([held], coming)[0]).toMatch(/ and 3 more$/);
});
