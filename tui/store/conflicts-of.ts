// How many packages a person has to decide about before an operation may be approved, by what was read last. Pure.
import type { OperationView } from "../../rpc/codec/operation.ts";
import { undecided } from "./rows/conflict-rows.ts";
import type { State } from "./state.ts";

/** 0 when none, and while nothing was read. */
export function waitingConflicts({ loads }: State, { id, poolId, endpointId }: OperationView): number {
  const read = loads.get(`conflicts ${poolId} ${endpointId}`) ?? loads.get(`operation ${id}`);
  const value = read?.value;
  return value?.kind === "conflicts" || value?.kind === "operation" ? undecided(value.conflicts).length : 0;
}
