// What the TUI asks of a server, in plain values, and its form over the wire. Everything that comes in is cleaned here.

import { decodeDriftItem } from "../../rpc/codec/drift.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { decodeOperation } from "../../rpc/codec/operation.ts";
import { decodePlan } from "../../rpc/codec/plan.ts";
import { decodePool, type PoolView } from "../../rpc/codec/pool.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import { decodeWatchResponse, encodeWatchScope, type WatchEvent, type WatchScope } from "../../rpc/codec/watch.ts";
import type { Connection } from "../../rpc/connection.ts";
import { clean } from "../clean.ts";
import type { Deed } from "./deed.ts";
import { readList, readOperation, readOverview } from "./list-reads.ts";
import { performPolicyDeed } from "./policy-deeds.ts";
import type { ListRoute, LoadedValue } from "./state.ts";

export interface Server {
  readonly listPools: (signal: AbortSignal) => Promise<readonly PoolView[]>;
  readonly watch: (scope: WatchScope, signal: AbortSignal) => AsyncIterable<WatchEvent>;
  readonly drift: (endpointId: string, signal: AbortSignal) => Promise<LoadedValue>;
  readonly plan: (endpointId: string, isRevert: boolean, signal: AbortSignal) => Promise<LoadedValue>;
  readonly history: (poolId: string, signal: AbortSignal) => Promise<LoadedValue>;
  readonly operation: (operationId: string, signal: AbortSignal) => Promise<LoadedValue>;
  /** What waits in the fleet, and what was done lately. */
  readonly overview: (signal: AbortSignal) => Promise<LoadedValue>;
  /** What a screen that is one list shows. */
  readonly list: (route: ListRoute, signal: AbortSignal) => Promise<LoadedValue>;
  /** The newest operation of an endpoint; undefined when it never had one. */
  readonly lastOperation: (endpointId: string, signal: AbortSignal) => Promise<OperationView | undefined>;
  /** Safe to repeat with the same key. Answers with the operation that came of it, if one did. */
  readonly perform: (deed: Deed, idempotencyKey: string, signal: AbortSignal) => Promise<OperationView | undefined>;
}

const PAGE = 1_000;
/** Pages of pools that are read: a million pools is more than a person looks at. */
const MAX_PAGES = 1_000;
/** The newest targets; older ones are read with the CLI. */
const MAX_HISTORY = 500;
/** A plan is simulated by pacman on the machine; the server waits as long. */
const PLAN_TIMEOUT_MS = 120_000;

export function serverOver(connection: Connection): Server {
  const { watch } = connection;
  return {
    ...readsOver(connection),
    watch: async function* (scope, signal) {
      for await (const wire of watch.watch(encodeWatchScope(scope), { signal })) {
        const event = decodeWatchResponse(wire);
        if (event !== undefined) yield clean(event);
      }
    },
    perform: async (deed, idempotencyKey, signal) => {
      const operation = await performOver(connection, deed, idempotencyKey, signal);
      return operation === undefined ? undefined : clean(operation);
    },
  };
}

function readsOver(connection: Connection): Omit<Server, "watch" | "perform"> {
  const { pools, endpoints, targets, operations } = connection;
  return {
    overview: async (signal) => clean(await readOverview(connection, signal)),
    list: async (route, signal) => clean(await readList(connection, route, signal)),
    listPools: async (signal) => {
      const found: PoolView[] = [];
      let pageToken = "";
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const answer = await pools.listPools({ pageSize: PAGE, pageToken }, { signal });
        found.push(...clean(answer.pools.map(decodePool)));
        pageToken = answer.nextPageToken;
        if (pageToken === "") break;
      }
      return found;
    },
    drift: async (endpoint, signal) => {
      const answer = await endpoints.getDrift({ endpoint }, { signal });
      return clean({
        kind: "drift",
        items: answer.items.map(decodeDriftItem),
        targetRevision: Number(answer.targetRevision),
      });
    },
    plan: async (endpoint, revert, signal) => {
      const { outcome } = await endpoints.computePlan({ endpoint, revert }, { signal, timeoutMs: PLAN_TIMEOUT_MS });
      switch (outcome?.$case) {
        case "plan":
          return clean({ kind: "plan", plan: decodePlan(outcome.value) });
        case "refusal":
          return clean({ kind: "no-plan", because: outcome.value.message, details: outcome.value.details });
        case undefined:
          return { kind: "no-plan", because: "the endpoint answered without a plan", details: [] };
      }
    },
    history: async (pool, signal) => {
      const answer = await targets.listTargets({ pool, pageSize: MAX_HISTORY }, { signal });
      return clean({ kind: "history", targets: answer.targets.map(decodeTarget) });
    },
    operation: async (id, signal) => clean(await readOperation(connection, id, signal)),
    lastOperation: async (endpoint, signal) => {
      const answer = await operations.listOperations({ endpoint, pageSize: 1 }, { signal });
      const [newest] = answer.operations;
      return newest === undefined ? undefined : clean(decodeOperation(newest));
    },
  };
}

async function performOver(
  connection: Connection,
  deed: Deed,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<OperationView | undefined> {
  const { targets, operations } = connection;
  const options = { signal };
  const seen = (answer: { readonly operation: Parameters<typeof decodeOperation>[0] | undefined }) =>
    answer.operation === undefined ? undefined : decodeOperation(answer.operation);
  switch (deed.kind) {
    case "start-operation": {
      const { endpointId: endpoint, planDigest } = deed;
      return seen(await operations.startOperation({ idempotencyKey, endpoint, planDigest }, options));
    }
    case "set-latest":
      await targets.setLatest(
        {
          idempotencyKey,
          endpoint: deed.endpointId,
          message: deed.message,
          pinAll: deed.pinsAll,
          expectedTargetRevision: BigInt(deed.seenRevision),
        },
        options,
      );
      return undefined;
    case "restore-target":
      await targets.restoreTarget(
        {
          idempotencyKey,
          pool: deed.poolId,
          revision: BigInt(deed.revision),
          markBad: true,
          message: deed.message,
          expectedTargetRevision: BigInt(deed.currentRevision),
        },
        options,
      );
      return undefined;
    case "approve": {
      const { operationId: id, planDigest } = deed;
      return seen(await operations.approveOperation({ idempotencyKey, id, planDigest }, options));
    }
    case "cancel":
      return seen(await operations.cancelOperation({ idempotencyKey, id: deed.operationId }, options));
    case "repair":
      return seen(await operations.repairOperation({ idempotencyKey, id: deed.operationId }, options));
    case "resolve-conflicts":
    case "add-rule":
    case "remove-rule":
      await performPolicyDeed(connection, deed, idempotencyKey, signal);
      return undefined;
    case "update":
    case "start-many":
      // The one runs on this machine, the other is many of the above: main.tsx and pool-sync.ts see to them.
      return undefined;
  }
}
