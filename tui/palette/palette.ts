// What the palette offers for a text: verbs of the key table, then what a verb can be told, then endpoints and pools by name.
// Each says why it cannot be done right now. Pure, and bounded.
import type { Binding } from "../keys/binding.ts";
import { BINDINGS, shownKey } from "../keys/bindings.ts";
import { SCREEN_WORDS } from "../keys/screens.ts";
import type { Situation } from "../store/situation.ts";
import { argumentWords, isFreeText, type Word } from "./arguments.ts";

export interface PaletteEntry {
  /** The whole text that it stands for. */
  readonly text: string;
  readonly about: string;
  /** Why it cannot be done right now. */
  readonly because: string | undefined;
  readonly binding: Binding;
  /** Undefined while the verb has not been told it. */
  readonly argument: string | undefined;
}

/** More than anybody reads; a few letters more find what is not among them. */
const MAX_ENTRIES = 100;

export function paletteEntries(text: string, situation: Situation): readonly PaletteEntry[] {
  const said = text.trimStart();
  const at = said.search(/\s/u);
  if (at < 0) {
    const verbs = verbEntries(said, situation);
    const names = said === "" ? [] : [...told("endpoint", said, situation), ...told("pool", said, situation)];
    return [...verbs, ...names].slice(0, MAX_ENTRIES);
  }
  const name = said.slice(0, at).toLowerCase();
  return told(name, said.slice(at).trim(), situation);
}

function verbEntries(said: string, situation: Situation): readonly PaletteEntry[] {
  const { kind } = situation.route;
  const found = new Map<string, Binding>();
  for (const binding of BINDINGS) {
    if (binding.group === "move" || binding.action === "palette") continue;
    const known = found.get(binding.action);
    if (known === undefined || (!known.screens.includes(kind) && binding.screens.includes(kind))) {
      found.set(binding.action, binding);
    }
  }
  const entries = ranked(found.values(), said, ({ action, aliases = [] }) => [action, ...aliases]);
  const offered = entries.map((binding) => entryOf(binding, undefined, binding.description, situation));
  // What is typed whole stays first; else what can be done comes before what cannot.
  const first = offered.filter(({ binding, because }) => because === undefined || isNamed(binding, said));
  return [...first, ...offered.filter((entry) => !first.includes(entry))];
}

function isNamed({ action, aliases = [] }: Binding, said: string): boolean {
  return [action, ...aliases].includes(said.toLowerCase());
}

/** A verb with what it is told. */
function told(verb: string, said: string, situation: Situation): readonly PaletteEntry[] {
  const { kind } = situation.route;
  const named = BINDINGS.filter(({ action, aliases = [] }) => action === verb || aliases.includes(verb));
  const binding = named.find(({ screens }) => screens.includes(kind)) ?? named[0];
  if (binding === undefined) return [];
  const { argument } = binding;
  if (argument === undefined) {
    const entry = entryOf(binding, undefined, binding.description, situation);
    return [{ ...entry, because: entry.because ?? `${binding.action} stands alone` }];
  }
  const words = ranked(argumentWords(argument, situation), said, ({ word }) => [word]);
  const isOwn = isFreeText(argument) && said !== "" && !words.some(({ word }) => word === said);
  const own: readonly Word[] = isOwn ? [{ word: said, about: "" }] : [];
  return [...own, ...words].slice(0, MAX_ENTRIES).map(({ word, about }) => entryOf(binding, word, about, situation));
}

function entryOf(binding: Binding, argument: string | undefined, about: string, situation: Situation): PaletteEntry {
  const { action, keys, screens } = binding;
  const isHere = screens.includes(situation.route.kind);
  const elsewhere = `this is for ${screens.map((one) => SCREEN_WORDS[one]).join(", ")}`;
  const key = argument === undefined && keys[0] !== undefined ? `${shownKey(keys[0])}  ` : "";
  return {
    text: argument === undefined ? action : `${action} ${argument}`,
    about: `${key}${about}`,
    because: isHere ? binding.disabled(situation) : elsewhere,
    binding,
    argument,
  };
}

/** What is it, what begins with it, what has it within: in this order, each as it came. */
function ranked<Item>(
  items: Iterable<Item>,
  said: string,
  namesOf: (item: Item) => readonly string[],
): readonly Item[] {
  const wanted = said.toLowerCase();
  const ranks: [Item[], Item[], Item[]] = [[], [], []];
  for (const item of items) {
    // Of ten thousand names most do not fit; those that do are more than are shown anyhow.
    const rank = wanted === "" ? 1 : Math.min(...namesOf(item).map((name) => rankOf(name.toLowerCase(), wanted)));
    const fitting = ranks[rank];
    if (fitting !== undefined && fitting.length < MAX_ENTRIES) fitting.push(item);
  }
  return ranks.flat();
}

function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(wanted) ? 2 : Infinity;
}
