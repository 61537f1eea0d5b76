// What the verbs of the palette can be told: the names that there are, for completion. Pure, and in no order of its own.
import { THEMES, type ThemeName } from "../../domain/face/look.ts";
import type { ArgumentKind } from "../keys/binding.ts";
import { RULE_EFFECTS } from "../store/rows/rule-rows.ts";
import { inhabitedPools } from "../store/select.ts";
import type { Situation } from "../store/situation.ts";
import { columnsOf } from "../store/sort.ts";
import { isPoolsScreen, routeKey } from "../store/state.ts";

export interface Word {
  readonly word: string;
  /** What it stands for, in a few words. */
  readonly about: string;
}

const WORDS: Readonly<Record<ArgumentKind, (situation: Situation) => Iterable<Word>>> = {
  endpoint: function* ({ state }) {
    for (const { name, pool, status } of state.fleet.endpoints.values())
      yield { word: name, about: `${status}, ${pool}` };
  },
  pool: function* ({ state }) {
    for (const { name, endpoints } of inhabitedPools(state.fleet.pools)) {
      yield { word: name, about: `${endpoints} endpoint${endpoints === 1 ? "" : "s"}` };
    }
  },
  column: ({ route }) => columnsOf(route.kind).map((word) => ({ word, about: "" })),
  profile: ({ state }) => state.profiles.map((word) => ({ word, about: word === state.profile ? "in use" : "" })),
  file: (situation) => ENDINGS.map((ending) => ({ word: fileName(situation, ending), about: ABOUT_ENDINGS[ending] })),
  package: packageWords,
  rule: () =>
    Object.entries(RULE_EFFECTS).map(([word, effect]) => ({
      word,
      about: `PATTERN [pool|label|endpoint NAME] [why]: it ${effect}`,
    })),
  theme: () => THEMES.map((word) => ({ word, about: ABOUT_THEMES[word] })),
};

const ABOUT_THEMES: Readonly<Record<ThemeName, string>> = {
  auto: "as the terminal's background wants it",
  dark: "for dark backgrounds",
  light: "for light backgrounds",
  terminal: "the terminal's own sixteen colours",
  console: "for a bare console",
  mono: "no colour",
};

const ENDINGS = ["csv", "json", "txt"] as const;
const ABOUT_ENDINGS = { csv: "for spreadsheets", json: "for scripts", txt: "columns for reading" } as const;

export function argumentWords(kind: ArgumentKind, situation: Situation): Iterable<Word> {
  return WORDS[kind](situation);
}

/** Whether any text is good, not only the words that are offered. */
export function isFreeText(kind: ArgumentKind): boolean {
  return kind === "file" || kind === "package" || kind === "rule";
}

/** What stands there when a key opens the palette for its argument. */
export function firstArgument(kind: ArgumentKind, situation: Situation): string {
  return kind === "file" ? fileName(situation, "csv") : "";
}

/** For example pacpool-pool-studio.csv; of letters that no shell and no file system minds. */
function fileName({ route, pool, endpoint }: Situation, ending: string): string {
  const of =
    endpoint !== undefined && route.kind !== "pool" && route.kind !== "endpoints" ? endpoint.name : (pool?.name ?? "");
  const [kind = ""] = routeKey(route).split(" ");
  const words = ["pacpool", kind, isPoolsScreen(route) ? "" : of].map((word) => word.replace(/[^\w.-]+/gu, "-"));
  return `${words.filter((word) => word !== "").join("-")}.${ending}`;
}

/** Names that were met on screens; any other one is good, too. */
function packageWords({ state }: Situation): Iterable<Word> {
  const met = new Map<string, Word>();
  for (const { value } of state.loads.values()) {
    const names = value?.kind === "drift" ? value.items : value?.kind === "plan" ? value.plan.steps : [];
    for (const { name } of names) met.set(name, { word: name, about: "who has which version" });
  }
  return met.values();
}
