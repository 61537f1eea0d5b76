// What differs between two targets as rows, as a machine that goes from one to the other would see it: what goes first.
import type { DriftKind } from "../../../domain/drift/drift.ts";
import type { Target } from "../../../domain/target/target.ts";
import type { DriftLine } from "../../../rpc/codec/drift.ts";
import type { Tone } from "../../theme.ts";
import { type ListItem, type ListRow, type Section, sectionRows } from "./list-row.ts";

export interface TargetDiff {
  readonly from: Target;
  readonly to: Target;
  /** `installed` is the version of `from`, `wanted` that of `to`. */
  readonly items: readonly DriftLine[];
}

interface Look {
  readonly title: string;
  readonly glyph: string;
  readonly tone: Tone;
}

const GONE: Look = { title: "gone", glyph: "−", tone: "danger" };

/** In this order; kinds that mean the same to a reader share a section. */
const LOOKS: readonly (readonly [readonly DriftKind[], Look])[] = [
  [["extra", "unavailable"], GONE],
  [["replaced"], { title: "replaced by another package", glyph: "⇄", tone: "notice" }],
  [["newer"], { title: "downgraded", glyph: "↓", tone: "notice" }],
  [["older"], { title: "upgraded", glyph: "↑", tone: "good" }],
  [["missing"], { title: "added", glyph: "+", tone: "good" }],
  [["rebuilt"], { title: "another build", glyph: "~", tone: "plain" }],
  [["reason"], { title: "another install reason", glyph: "r", tone: "plain" }],
  [["held", "foreign"], { title: "left alone", glyph: "■", tone: "muted" }],
];

export function targetDiffRows({ from, to, items }: TargetDiff, poolId: string, filter: string): readonly ListRow[] {
  const packages = LOOKS.map(([kinds, look]): Section => {
    const found = items.filter(({ kind }) => kinds.includes(kind));
    return { id: look.title, title: look.title, items: found.map((one) => packageItem(one, look, poolId)) };
  });
  return sectionRows([...termSections(from, to), ...packages], filter);
}

/** For example "2 gone, 12 upgraded"; empty when no package differs. */
export function countTargetDiff(items: readonly DriftLine[]): string {
  return LOOKS.flatMap(([kinds, { title }]) => {
    const count = items.filter(({ kind }) => kinds.includes(kind)).length;
    return count === 0 ? [] : [`${count} ${title}`];
  }).join(", ");
}

function packageItem(one: DriftLine, { glyph, tone }: Look, poolId: string): ListItem {
  return {
    kind: "item",
    id: one.name,
    cells: [
      { text: glyph, tone, width: 1 },
      { text: one.name, tone: tone === "danger" ? tone : "plain", grow: 3 },
      { text: one.installed === "" ? "–" : one.installed, tone: "muted", grow: 3 },
      { text: "→", tone: "muted", width: 1 },
      { text: one.wanted === "" ? "–" : one.wanted, grow: 3 },
    ],
    why: whyWords(one),
    words: one.kind,
    opens: { kind: "package", poolId, name: one.name },
  };
}

/** The server's sentence is about an endpoint; here it is about two targets. */
function whyWords({ kind, why }: DriftLine): string {
  switch (kind) {
    case "extra":
      return "the later target's source does not have it";
    case "unavailable":
      return "the later target's repositories do not have it: who has it keeps the version that is there";
    case "missing":
      return "the later target wants it, the earlier one did not";
    case "older":
      return "the later target has the higher version";
    case "newer":
      return "the later target has the lower version";
    case "rebuilt":
      return "the version is equal, the file is another";
    case "replaced":
    case "reason":
    case "held":
    case "foreign":
      return why;
  }
}

/** What the targets say beside versions: mode, shared names, pins, repositories. */
function termSections(from: Target, to: Target): readonly Section[] {
  const terms = [...modeItems(from, to), ...viewItems(from, to), ...sharedItems(from, to), ...pinItems(from, to)];
  return [{ id: "terms", title: "what the target itself says", items: terms }];
}

function termItem(id: string, glyph: string, tone: Tone, text: string, why: string): ListItem {
  const cells = [
    { text: glyph, tone, width: 1 },
    { text, grow: 1 },
  ];
  return { kind: "item", id: `term ${id}`, cells, why };
}

function modeItems(from: Target, to: Target): readonly ListItem[] {
  if (from.mode === to.mode) return [];
  const why =
    to.mode === "mirror"
      ? "extras are removed from now on"
      : "packages that the source lacks are the endpoint's affair";
  return [termItem("mode", "≠", "notice", `mode ${from.mode} → ${to.mode}`, why)];
}

function viewItems(from: Target, to: Target): readonly ListItem[] {
  const classesOf = ({ view, otherViews }: Target): ReadonlyMap<string, string> =>
    new Map([view, ...otherViews.map((one) => one.view)].map((one) => [one.class, repositoriesOf(one)]));
  const [before, after] = [classesOf(from), classesOf(to)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [had, has] = [before.get(name), after.get(name)];
    if (had === has) return [];
    const shown = name === "" ? "the source's class" : `class ${name}`;
    if (has === undefined)
      return [termItem(`class ${name}`, "−", "danger", `${shown}: no view any more`, `was ${had ?? ""}`)];
    if (had === undefined) return [termItem(`class ${name}`, "+", "good", `${shown}: has a view now`, has)];
    return [termItem(`class ${name}`, "≠", "notice", `${shown}: ${had} → ${has}`, "other repositories")];
  });
}

function repositoriesOf({ databases }: Target["view"]): string {
  return databases.map(({ repository }) => repository).join(", ");
}

function sharedItems(from: Target, to: Target): readonly ListItem[] {
  const [before, after] = [new Set(from.shared), new Set(to.shared)];
  return [
    ...[...before.difference(after)].map((name) =>
      termItem(
        `shared ${name}`,
        "−",
        "danger",
        `${name} is not shared any more`,
        "its presence is the endpoint's affair again",
      ),
    ),
    ...[...after.difference(before)].map((name) =>
      termItem(`shared ${name}`, "+", "good", `${name} is shared`, "every endpoint of the pool must have it"),
    ),
  ];
}

function pinItems(from: Target, to: Target): readonly ListItem[] {
  const names = [...new Set([...from.pins.keys(), ...to.pins.keys()])].sort();
  return names.flatMap((name) => {
    const [had, has] = [from.pins.get(name), to.pins.get(name)];
    if (had === has) return [];
    if (has === undefined)
      return [termItem(`pin ${name}`, "−", "notice", `${name} ${had ?? ""}: no pin any more`, "it follows the view")];
    const words = had === undefined ? `${name} pinned to ${has}` : `${name} pinned to ${has} instead of ${had}`;
    return [termItem(`pin ${name}`, "+", "notice", words, "fixed although the view says otherwise")];
  });
}
