// What a key comes to: events for the store, effects for the world. Values only; others perform them.
import type { ThemeName } from "../../domain/face/look.ts";
import type { Deed } from "./deed.ts";
import type { StoreEvent } from "./reduce.ts";
import type { Situation } from "./situation.ts";
import { TOAST_MS } from "./state.ts";

export type Effect =
  | { readonly kind: "quit" }
  /** As Ctrl-Z does in every terminal program. */
  | { readonly kind: "suspend" }
  /** The screens begin anew on the server of that profile. */
  | { readonly kind: "profile"; readonly name: string }
  | { readonly kind: "theme"; readonly name: ThemeName }
  /** Into the clipboard of the person's terminal. */
  | { readonly kind: "copy"; readonly text: string }
  /** Into a file that does not exist yet. */
  | { readonly kind: "export"; readonly file: string; readonly text: string; readonly rows: number }
  | { readonly kind: "deed"; readonly deed: Deed }
  | { readonly kind: "find-operation"; readonly endpointId: string }
  /** Plans of a whole pool, or of the endpoints that are named. */
  | {
      readonly kind: "plan-pool";
      readonly poolId: string;
      readonly pool: string;
      readonly endpointIds?: readonly string[] | undefined;
    };

export interface Outcome {
  readonly events: readonly StoreEvent[];
  readonly effects: readonly Effect[];
}

/** What an action does in a situation in which its key is not disabled. The argument is what the palette was told. */
export type Act = (situation: Situation, argument: string) => Outcome;

export const NOTHING: Outcome = { events: [], effects: [] };

export function only(...events: readonly StoreEvent[]): Outcome {
  return { events, effects: [] };
}

export function effect(...effects: readonly Effect[]): Outcome {
  return { events: [], effects };
}

/** A sentence in passing. */
export function tell({ state }: Situation, text: string): Outcome {
  const toast = { tone: "notice", text, untilMs: state.nowMs + TOAST_MS } as const;
  return only({ kind: "toasted", toast });
}

/** Shows a deed and what it would do; it is performed only when the person says so. */
export function confirm(deed: Deed): Outcome {
  return only({ kind: "dialog-changed", dialog: { kind: "confirm", deed } });
}
