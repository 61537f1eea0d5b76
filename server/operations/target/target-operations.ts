// Targets for the edge, bound to a store.
import type { DriftItem } from "../../../domain/drift/drift.ts";
import type { TargetReach } from "../../../domain/files/target-reach.ts";
import type { Target } from "../../../domain/target/target.ts";
import type { Store } from "../../store/store.ts";
import { type IsFetching, verifyTarget } from "../files/verify-target.ts";
import type { NewTarget, Page, PageOf, PoolTarget } from "../records.ts";
import { diffTargets } from "./diff-targets.ts";
import { getTarget, listTargets } from "./read-targets.ts";
import { type RestoreTargetInput, restoreTarget } from "./restore-target.ts";
import { type SetLatestInput, setLatest } from "./set-latest.ts";

export interface TargetOperations {
  readonly setLatest: (input: SetLatestInput) => Promise<NewTarget>;
  readonly getTarget: (pool: string, revision: number | undefined) => Promise<PoolTarget>;
  readonly listTargets: (pool: string, page: Page) => Promise<{ readonly poolId: string } & PageOf<Target>>;
  readonly diffTargets: (pool: string, from: number, to: number | undefined) => Promise<readonly DriftItem[]>;
  readonly verifyTarget: (pool: string, revision: number | undefined) => Promise<TargetReach>;
  readonly restoreTarget: (input: RestoreTargetInput) => Promise<NewTarget>;
}

export function makeTargetOperations(store: Store, isFetching: IsFetching = () => false): TargetOperations {
  return {
    setLatest: (input) => setLatest(store, input),
    getTarget: (pool, revision) => getTarget(store, pool, revision),
    listTargets: (pool, page) => listTargets(store, pool, page),
    diffTargets: (pool, from, to) => diffTargets(store, pool, from, to),
    verifyTarget: (pool, revision) => verifyTarget(store, isFetching, pool, revision),
    restoreTarget: (input) => restoreTarget(store, input),
  };
}
