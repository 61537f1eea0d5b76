import { expect, test } from "vitest";
import { explainLostLibraries, findLostLibraries, type LibraryHolder, type LibraryMoves } from "./lost-libraries.ts";

const old: LibraryHolder = { name: "foo", version: "1.4-1", provides: [], libraries: ["libfoo.so.1"] };
const mine = { name: "mine", needed: ["libfoo.so.1", "libc.so.6"] };

function sentences(moves: Partial<LibraryMoves>): readonly string[] {
  const all = { going: [old], coming: [], staying: [mine], kept: new Set<string>(), ...moves };
  return findLostLibraries(all).map((one) => explainLostLibraries(one, ""));
}

test("a library that the new build does not have is lost to whoever stays and needs it", () => {
  const coming = [{ ...old, version: "1.5-1", libraries: ["libfoo.so.2"] }];
  expect(sentences({ coming })).toEqual([
    "mine must be rebuilt afterwards: libfoo.so.1 goes, because foo becomes 1.5-1",
  ]);
});

test("a library that stays, moves to another package or is provided elsewhere is not lost", () => {
  const next = { ...old, version: "2-1", libraries: [] };
  const split = { name: "foo-libs", version: "2-1", provides: [], libraries: ["libfoo.so.1"] };
  expect(sentences({ coming: [{ ...next, libraries: ["libfoo.so.1"] }] })).toEqual([]);
  expect(sentences({ coming: [next, split] })).toEqual([]);
  expect(sentences({ coming: [next, { ...split, libraries: undefined, provides: ["libfoo.so=1-64"] }] })).toEqual([]);
  expect(sentences({ coming: [next], kept: new Set(["libfoo.so.1"]) })).toEqual([]);
});

test("provisions tell as well, so that nothing has to be downloaded to know", () => {
  const going = [{ ...old, provides: ["libfoo.so=1-64"] }];
  const next = { ...old, version: "1.5-1", libraries: undefined };
  expect(sentences({ going, coming: [{ ...next, provides: ["libfoo.so=2-64"] }] })).toHaveLength(1);
  expect(sentences({ coming: [{ ...next, provides: ["libfoo.so=2-64"] }] })).toHaveLength(1);
  expect(sentences({ going, coming: [{ ...next, provides: ["libfoo.so=1-64"] }] })).toEqual([]);
});

test("where nothing tells, a new first number of the version is a reason to say that it may go", () => {
  const unknown = { ...old, libraries: undefined };
  expect(sentences({ coming: [{ ...unknown, version: "1.5-1" }] })).toEqual([]);
  expect(sentences({ coming: [{ ...unknown, version: "2.0-1" }] })).toEqual([
    "mine may have to be rebuilt afterwards: it needs libfoo.so.1, and foo becomes 2.0-1",
  ]);
  expect(sentences({ coming: [{ ...unknown, version: "1:1.0-1" }] })).toHaveLength(1);
});

test("a removed library is gone, unless something unknown comes in its place", () => {
  const stranger = { name: "other", version: "1-1", provides: [], libraries: undefined };
  const removed = "because foo is removed";
  expect(sentences({})).toEqual([`mine must be rebuilt afterwards: libfoo.so.1 goes, ${removed}`]);
  expect(sentences({ coming: [stranger] })).toEqual([
    "mine may have to be rebuilt afterwards: it needs libfoo.so.1, and foo is removed",
  ]);
});

test("whoever stays for another reason than being of no repository is told with that reason", () => {
  const [lost] = findLostLibraries({ going: [old], coming: [], staying: [mine], kept: new Set() });
  if (lost === undefined) throw new Error("nothing was lost");
  expect(explainLostLibraries(lost, "held at 1-1")).toMatch(/; it stays as it is: held at 1-1$/);
});

test("libraries that one package takes from another are one sentence", () => {
  const going = [{ ...old, libraries: ["libfoo.so.1", "libfoo-extra.so.1"] }];
  const staying = [{ name: "mine", needed: ["libfoo.so.1", "libfoo-extra.so.1"] }];
  expect(sentences({ going, staying })).toEqual([
    "mine must be rebuilt afterwards: libfoo-extra.so.1, libfoo.so.1 go, because foo is removed",
  ]);
});
