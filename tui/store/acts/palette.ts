// The palette: what its keys do to the text in it, and what its verbs do.
import { THEMES } from "../../../domain/face/look.ts";
import type { PaletteAction } from "../../keys/actions.ts";
import { editField, type TextField } from "../../keys/text-field.ts";
import { firstArgument } from "../../palette/arguments.ts";
import { type PaletteEntry, paletteEntries } from "../../palette/palette.ts";
import { exportOf } from "../export.ts";
import { type Act, effect, NOTHING, type Outcome, only, tell } from "../outcome.ts";
import { inhabitedPools } from "../select.ts";
import type { Situation } from "../situation.ts";
import type { Dialog } from "../state.ts";
import { sortByColumn } from "./list.ts";

/** Characters; paths are the longest that is typed there. */
const MAX_PALETTE = 300;

export const PALETTE_ACTS: Readonly<Record<PaletteAction, Act>> = {
  palette: () => only(paletteWith("")),
  dashboard: () => only({ kind: "opened", route: { kind: "dashboard" } }),
  pools: () => only({ kind: "opened", route: { kind: "pools" } }),
  pool: openPool,
  endpoint: openEndpoint,
  theme: changeTheme,
  sort: sortByColumn,
  export: exportOf,
};

type PaletteDialog = Extract<Dialog, { readonly kind: "palette" }>;

export function paletteWith(text: string) {
  const field: TextField = { text, cursor: Array.from(text).length };
  return { kind: "dialog-changed", dialog: { kind: "palette", field, chosen: 0 } } as const;
}

/** A key of a verb that wants to be told something: it is asked there. */
export function askArgument(entry: Pick<PaletteEntry, "binding">, situation: Situation): Outcome {
  const { action, argument } = entry.binding;
  return only(paletteWith(`${action} ${argument === undefined ? "" : firstArgument(argument, situation)}`));
}

/** What a key does while the palette is open; an entry to be done is handed back. */
export function pressInPalette(key: string, dialog: PaletteDialog, situation: Situation): Outcome | PaletteEntry {
  const { field, chosen } = dialog;
  const entries = paletteEntries(field.text, situation);
  const entry = entries[Math.min(chosen, entries.length - 1)];
  switch (key) {
    case "down":
    case "ctrl-n":
    case "wheel-down":
      return choose(dialog, chosen + 1, entries.length);
    case "up":
    case "ctrl-p":
    case "backtab":
    case "wheel-up":
      return choose(dialog, chosen - 1, entries.length);
    case "tab":
      if (entry === undefined) return NOTHING;
      // Nothing to add to the text: the next one then.
      return entry.text === field.text.trim()
        ? choose(dialog, chosen + 1, entries.length)
        : only(paletteWith(wantsMore(entry) ? `${entry.text} ` : entry.text));
    case "enter":
      if (entry === undefined) return tell(situation, `nothing is called ${field.text.trim()}`);
      return wantsMore(entry) && entry.because === undefined ? askArgument(entry, situation) : entry;
    case "backspace":
      if (field.text === "") return only({ kind: "dialog-changed", dialog: undefined });
  }
  const next = editField(field, key, MAX_PALETTE);
  return next === undefined ? NOTHING : only({ kind: "dialog-changed", dialog: { ...dialog, field: next, chosen: 0 } });
}

function wantsMore({ binding, argument }: PaletteEntry): boolean {
  return binding.argument !== undefined && argument === undefined;
}

function choose(dialog: PaletteDialog, chosen: number, count: number): Outcome {
  if (count === 0) return NOTHING;
  return only({ kind: "dialog-changed", dialog: { ...dialog, chosen: (chosen + count) % count } });
}

function changeTheme(situation: Situation, wanted: string): Outcome {
  const name = THEMES.find((one) => one === wanted);
  if (name === undefined) return tell(situation, `there is no theme ${wanted}; there are ${THEMES.join(", ")}`);
  return effect({ kind: "theme", name });
}

function openPool(situation: Situation, name: string): Outcome {
  const pool = inhabitedPools(situation.state.fleet.pools).find((one) => one.name === name);
  if (pool === undefined) return tell(situation, `there is no pool ${name} that this key may see`);
  return only({ kind: "opened", route: { kind: "pool", poolId: pool.id } });
}

function openEndpoint(situation: Situation, name: string): Outcome {
  const endpoint = situation.state.fleet.endpoints.values().find((one) => one.name === name || one.id === name);
  if (endpoint === undefined) return tell(situation, `there is no endpoint ${name} that this key may see`);
  return only({ kind: "opened", route: { kind: "endpoint", endpointId: endpoint.id } });
}
