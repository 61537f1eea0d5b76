// A key's action becomes events for the store and effects for the world. Pure: the state is read, nothing is touched.

import { MAX_MESSAGE_LENGTH } from "../../domain/limits.ts";
import { unreachable } from "../../domain/unreachable.ts";
import { type Action, bindingFor } from "../keys/bindings.ts";
import { EMPTY_FIELD, editField } from "../keys/text-field.ts";
import { type Deed, describeDeed } from "./deed.ts";
import { type Move, move } from "./position.ts";
import type { StoreEvent } from "./reduce.ts";
import { filterOf } from "./select.ts";
import type { Situation } from "./situation.ts";
import { startOf } from "./starts.ts";
import { type Dialog, routeKey, TOAST_MS } from "./state.ts";

export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "deed"; readonly deed: Deed }
  | { readonly kind: "find-operation"; readonly endpointId: string }
  | { readonly kind: "plan-pool"; readonly poolId: string; readonly pool: string };

export interface Outcome {
  readonly events: readonly StoreEvent[];
  readonly effects: readonly Effect[];
}

const NOTHING: Outcome = { events: [], effects: [] };
/** The help has fewer lines than this on the narrowest screen; the drawing stops at its end. */
const MAX_HELP_TOP = 64;
/** Characters of a filter; more never narrows a list further. */
const MAX_FILTER = 100;

/** What a key does: in a dialog, in a filter being typed, or on the screen. */
export function press(key: string, situation: Situation): Outcome {
  const { state, route } = situation;
  if (key === "ctrl-c") return { events: [], effects: [{ kind: "quit" }] };
  if (state.dialog !== undefined) return pressInDialog(key, state.dialog, state.size.rows);
  if (state.isFiltering) return pressInFilter(key, situation);
  const binding = bindingFor(key, route.kind);
  if (binding === undefined) return NOTHING;
  const because = binding.disabled(situation);
  if (because !== undefined) return tell(situation, because);
  const cleared: readonly StoreEvent[] = state.toast === undefined ? [] : [{ kind: "toasted", toast: undefined }];
  const outcome = act(binding.action, situation);
  return { ...outcome, events: [...cleared, ...outcome.events] };
}

/** Pasted text goes into a text that is being typed, and nowhere else: it must never press keys. */
export function paste(text: string, situation: Situation): Outcome {
  const { state } = situation;
  const isTyping = state.isFiltering || state.dialog?.kind === "message";
  if (!isTyping) return tell(situation, "pasted text was ignored: there is no text to type here");
  const events: StoreEvent[] = [];
  if (state.dialog?.kind === "message") {
    const { dialog } = state;
    let { field } = dialog;
    for (const character of printable(text)) field = editField(field, character, MAX_MESSAGE_LENGTH) ?? field;
    events.push({ kind: "dialog-changed", dialog: { ...dialog, field } });
  } else {
    const whole = (filterOf(state, situation.route) + printable(text)).slice(0, MAX_FILTER);
    events.push({ kind: "filtered", key: routeKey(situation.route), text: whole });
  }
  return { events, effects: [] };
}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trimEnd();
}

function tell({ state }: Situation, text: string): Outcome {
  const toast = { tone: "notice", text, untilMs: state.nowMs + TOAST_MS } as const;
  return { events: [{ kind: "toasted", toast }], effects: [] };
}

function act(action: Action, situation: Situation): Outcome {
  switch (action) {
    case "up":
    case "down":
    case "page-up":
    case "page-down":
    case "half-up":
    case "half-down":
    case "first":
    case "last":
      return moved(action, situation);
    case "open":
      return open(situation);
    case "back":
      return back(situation);
    case "filter":
      return only({ kind: "filtering", isFiltering: true });
    case "help":
      return only({ kind: "dialog-changed", dialog: { kind: "help", top: 0 } });
    case "quit":
      return { events: [], effects: [{ kind: "quit" }] };
    case "plan":
      return situation.route.kind === "plan" ? only({ kind: "plan-asked" }) : openPlan(situation, false);
    case "sync":
      return situation.route.kind === "plan" ? confirmStart(situation) : openPlan(situation, false);
    case "sync-pool":
      return syncPool(situation);
    case "revert":
      return revert(situation);
    case "history":
      return situation.pool === undefined
        ? NOTHING
        : only({ kind: "opened", route: { kind: "history", poolId: situation.pool.id } });
    case "operation":
      return openOperation(situation);
    case "update":
    case "set-latest":
    case "approve":
    case "cancel":
    case "repair":
      return ask(action, situation);
    default:
      return unreachable(action);
  }
}

function only(...events: readonly StoreEvent[]): Outcome {
  return { events, effects: [] };
}

function moved(by: Move, { position, ids, visible, route }: Situation): Outcome {
  return only({ kind: "positioned", key: routeKey(route), position: move(position, by, ids, visible) });
}

function open({ route, position }: Situation): Outcome {
  if (route.kind === "dashboard") return only({ kind: "opened", route: { kind: "pool", poolId: position.id } });
  if (route.kind === "pool") return only({ kind: "opened", route: { kind: "endpoint", endpointId: position.id } });
  return NOTHING;
}

function back({ state, route }: Situation): Outcome {
  if (filterOf(state, route) !== "") return only({ kind: "filtered", key: routeKey(route), text: "" });
  return state.routes.length === 0 ? NOTHING : only({ kind: "closed" });
}

function openPlan({ endpoint }: Situation, isRevert: boolean): Outcome {
  return endpoint === undefined
    ? NOTHING
    : only({ kind: "opened", route: { kind: "plan", endpointId: endpoint.id, isRevert } });
}

function openOperation({ operation, endpoint }: Situation): Outcome {
  if (operation !== undefined) return only({ kind: "opened", route: { kind: "operation", operationId: operation.id } });
  if (endpoint === undefined) return NOTHING;
  return { events: [], effects: [{ kind: "find-operation", endpointId: endpoint.id }] };
}

function revert(situation: Situation): Outcome {
  const { route, pool, target } = situation;
  if (route.kind === "plan") {
    if (route.isRevert) return confirmStart(situation);
    return only({ kind: "replaced", route: { ...route, isRevert: true } });
  }
  if (route.kind !== "history") return openPlan(situation, true);
  if (pool?.target === undefined || target === undefined) return NOTHING;
  const currentRevision = pool.target.revision;
  // On the present one it means: back to the one before.
  const revision = target.revision === currentRevision ? currentRevision - 1 : target.revision;
  const message = `back to ${revision}`;
  return confirm({ kind: "restore-target", poolId: pool.id, pool: pool.name, revision, currentRevision, message });
}

function confirm(deed: Deed): Outcome {
  return only({ kind: "dialog-changed", dialog: { kind: "confirm", deed } });
}

function confirmStart({ plan, endpoint }: Situation): Outcome {
  if (plan === undefined || endpoint === undefined) return NOTHING;
  const start = startOf(endpoint, plan);
  return typeof start === "string" ? NOTHING : confirm(start);
}

function syncPool({ pool }: Situation): Outcome {
  if (pool === undefined) return NOTHING;
  return {
    events: [{ kind: "doing-changed", doing: `planning the machines of ${pool.name}, each by its own pacman` }],
    effects: [{ kind: "plan-pool", poolId: pool.id, pool: pool.name }],
  };
}

function ask(
  action: "update" | "set-latest" | "approve" | "cancel" | "repair",
  { endpoint, operation, pool }: Situation,
): Outcome {
  if (action === "approve" || action === "cancel" || action === "repair") {
    if (operation === undefined) return NOTHING;
    const base = { operationId: operation.id, endpoint: operation.endpoint, planDigest: operation.planDigest };
    return confirm({ kind: action, ...base });
  }
  if (endpoint === undefined) return NOTHING;
  if (action === "update") return confirm({ kind: "update", endpoint: endpoint.name, pool: endpoint.pool });
  const deed = {
    kind: "set-latest",
    endpointId: endpoint.id,
    endpoint: endpoint.name,
    pool: endpoint.pool,
    seenRevision: pool?.target?.revision ?? 0,
    message: "",
    pinsAll: false,
  } as const;
  return only({ kind: "dialog-changed", dialog: { kind: "message", deed, field: EMPTY_FIELD } });
}

const CLOSED: StoreEvent = { kind: "dialog-changed", dialog: undefined };

function pressInDialog(key: string, dialog: Dialog, rows: number): Outcome {
  if (key === "escape") return only(CLOSED);
  switch (dialog.kind) {
    case "help":
      return pressInHelp(key, dialog.top, rows);
    case "confirm":
      if (key === "enter" || key === "y") return perform(dialog.deed);
      return key === "n" || key === "q" ? only(CLOSED) : NOTHING;
    case "message": {
      if (key === "enter") return perform({ ...dialog.deed, message: dialog.field.text.trim() });
      const field = editField(dialog.field, key, MAX_MESSAGE_LENGTH);
      return field === undefined ? NOTHING : only({ kind: "dialog-changed", dialog: { ...dialog, field } });
    }
  }
}

function perform(deed: Deed): Outcome {
  return {
    events: [CLOSED, { kind: "doing-changed", doing: describeDeed(deed).doing }],
    effects: [{ kind: "deed", deed }],
  };
}

function pressInHelp(key: string, top: number, rows: number): Outcome {
  const scrolled = (by: number): Outcome =>
    only({ kind: "dialog-changed", dialog: { kind: "help", top: Math.max(0, Math.min(MAX_HELP_TOP, top + by)) } });
  if (key === "j" || key === "down") return scrolled(1);
  if (key === "k" || key === "up") return scrolled(-1);
  if (key === "page-down" || key === "space" || key === "ctrl-d") return scrolled(Math.floor(rows / 2));
  if (key === "page-up" || key === "ctrl-u") return scrolled(-Math.floor(rows / 2));
  return key === "?" || key === "q" || key === "enter" ? only(CLOSED) : NOTHING;
}

function pressInFilter(key: string, { state, route }: Situation): Outcome {
  const done: StoreEvent = { kind: "filtering", isFiltering: false };
  const changed = (text: string): StoreEvent => ({ kind: "filtered", key: routeKey(route), text });
  if (key === "escape") return only(done, changed(""));
  if (key === "enter" || key === "down" || key === "up") return only(done);
  const text = filterOf(state, route);
  if (key === "backspace" && text === "") return only(done);
  const field = editField({ text, cursor: Array.from(text).length }, key, MAX_FILTER);
  return field === undefined ? NOTHING : only(changed(field.text));
}
