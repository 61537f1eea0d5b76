// pacpool.v1.PoolService: decode, call, encode.
import { PoolServiceService, type UpdatePoolRequest } from "../../proto/generated/pacpool/v1/pool.ts";
import { TargetMode } from "../../proto/generated/pacpool/v1/target.ts";
import { decodeConflictMode } from "../../rpc/codec/policy.ts";
import { decodeMode } from "../../rpc/codec/target.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { encodePool } from "./encode.ts";
import { line, mode, mutation, optionalRevision, page, poolName, reference, within } from "./fields.ts";
import { checkConsentWord, checkWindows } from "./policy-fields.ts";
import type { PoolCases } from "./use-cases.ts";

const MAX_DESCRIPTION = 500;

export function poolService(cases: PoolCases, edge: Edge): Implementation {
  return implement(
    PoolServiceService,
    {
      createPool: async (request, { principal }) => {
        const pool = await cases.createPool({
          ...mutation(request, principal),
          name: poolName("name", request.name),
          mode: decodeMode(mode("mode", request.mode)),
          description: line("description", request.description, MAX_DESCRIPTION),
        });
        return { pool: encodePool(pool) };
      },
      getPool: async (request) => ({ pool: encodePool(await cases.getPool(reference("pool", request.pool))) }),
      listPools: async (request) => {
        const { items, nextToken } = await cases.listPools(page(request, 100, 1_000));
        return { pools: items.map(encodePool), nextPageToken: nextToken ?? "" };
      },
      updatePool: async (request, { principal }) => {
        const pool = await cases.updatePool({
          ...mutation(request, principal),
          pool: reference("pool", request.pool),
          ...changes(request),
        });
        return { pool: encodePool(pool) };
      },
      deletePool: async (request, { principal }) => {
        await cases.deletePool({
          ...mutation(request, principal),
          pool: reference("pool", request.pool),
        });
        return {};
      },
    },
    edge,
  );
}

function changes(request: UpdatePoolRequest) {
  return {
    name: request.name === undefined ? undefined : poolName("name", request.name),
    description:
      request.description === undefined ? undefined : line("description", request.description, MAX_DESCRIPTION),
    policy: policyChange(request),
    staleAfterDays:
      request.staleAfterDays === undefined ? undefined : within("stale_after_days", request.staleAfterDays, 0, 3_650),
    mode: mode("mode", request.mode) === TargetMode.UNSPECIFIED ? undefined : decodeMode(request.mode),
    expectedRevision: optionalRevision("expected_revision", request.expectedRevision),
  };
}

function policyChange(request: UpdatePoolRequest) {
  const { allowDowngrade, apply, reboot, windows, missedWindow } = request;
  const conflicts = decodeConflictMode(request.conflicts);
  return {
    ...(conflicts === undefined ? {} : { conflicts }),
    ...(allowDowngrade === undefined ? {} : { allowDowngrade }),
    ...(apply === undefined ? {} : { apply: checkConsentWord("apply", apply) }),
    ...(reboot === undefined ? {} : { reboot: checkConsentWord("reboot", reboot) }),
    ...(windows === undefined ? {} : { windows: checkWindows(windows.windows) }),
    ...(missedWindow === undefined ? {} : { missedWindow: checkConsentWord("missed_window", missedWindow) }),
  };
}
