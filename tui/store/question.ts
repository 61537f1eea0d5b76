// How a deed is asked for: with a yes, or, for the largest, by typing the pool's name. Pure.
import type { PoolView } from "../../rpc/codec/pool.ts";
import { EMPTY_FIELD } from "../keys/text-field.ts";
import type { Deed } from "./deed.ts";
import type { Dialog } from "./state.ts";

/** Characters of a name that is typed; names are shorter. */
export const MAX_WORD = 100;

/** From so many machines on a yes is too quickly said. */
const MANY_MACHINES = 10;

export type Question = Extract<Dialog, { readonly kind: "confirm" | "typed" }>;

export function questionOf(deed: Deed, pool: PoolView | undefined): Question {
  const word = nameToType(deed, pool);
  return word === undefined ? { kind: "confirm", deed } : { kind: "typed", deed, word, field: EMPTY_FIELD };
}

/** Deeds on many machines, and those that let packages disappear from more than one. */
function nameToType(deed: Deed, pool: PoolView | undefined): string | undefined {
  switch (deed.kind) {
    case "start-many": {
      const removing = deed.starts.filter(({ removals }) => removals.length > 0).length;
      return deed.starts.length >= MANY_MACHINES || removing > 1 ? deed.pool : undefined;
    }
    case "restore-target":
    case "set-latest": {
      if (pool === undefined) return undefined;
      // In mode mirror the next sync removes on every machine what the new target lacks.
      const isMany = deed.kind === "restore-target" && pool.endpoints >= MANY_MACHINES;
      return isMany || (pool.mode === "mirror" && pool.endpoints > 1) ? pool.name : undefined;
    }
    case "start-operation":
    case "approve":
    case "cancel":
    case "repair":
    case "update":
      return undefined;
    default:
      return undefined;
  }
}
