// pacpool.v1.OperationService: decode, call, encode. WatchOperation follows one operation through the bell.
import { isFinished } from "../../domain/operation/lifecycle.ts";
import { OperationServiceService, type WatchOperationResponse } from "../../proto/generated/pacpool/v1/operation.ts";
import { encodeOperationStep } from "../../rpc/codec/operation.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { OperationRecord } from "../operations/records.ts";
import type { WatchDesk } from "../watch/desk.ts";
import { DirtyPools } from "../watch/dirty-pools.ts";
import { encodeOperation } from "./encode.ts";
import { mutation, optionalReference, page, reference, sha256 } from "./fields.ts";
import type { OperationCases } from "./use-cases.ts";

/** Looks again although nothing rang: progress on another server is only in its row. */
const LOOK_MS = 2_000;

export interface OperationServiceParts {
  readonly cases: OperationCases;
  readonly watch: Pick<WatchDesk, "subscribe">;
  /** Aborts when the server is about to stop. */
  readonly draining: AbortSignal;
}

export function operationService(parts: OperationServiceParts, edge: Edge): Implementation {
  const { cases } = parts;
  return implement(
    OperationServiceService,
    {
      startOperation: async (request, { principal }) => {
        const operation = await cases.startOperation({
          ...mutation(request, principal),
          endpoint: reference("endpoint", request.endpoint),
          planDigest: sha256("plan_digest", request.planDigest),
        });
        return { operation: encodeOperation(operation) };
      },
      getOperation: async (request) => {
        const { operation, plan } = await cases.getOperation(reference("id", request.id));
        const log = (await cases.readLog(operation.id)).map((line) => ({
          ...line,
          step: encodeOperationStep(line.step),
        }));
        return { operation: encodeOperation(operation), plan: encodePlan(plan), log };
      },
      listOperations: async (request) => {
        const filter = {
          pool: optionalReference("pool", request.pool),
          endpoint: optionalReference("endpoint", request.endpoint),
          active: request.active,
        };
        const { items, nextToken } = await cases.listOperations(filter, page(request, 50, 500));
        return { operations: items.map(encodeOperation), nextPageToken: nextToken ?? "" };
      },
      watchOperation: (request, { signal }) => followOperation(parts, reference("id", request.id), signal),
      approveOperation: async (request, { principal }) => {
        const operation = await cases.approveOperation({
          ...mutation(request, principal),
          id: reference("id", request.id),
          planDigest: sha256("plan_digest", request.planDigest),
        });
        return { operation: encodeOperation(operation) };
      },
      cancelOperation: async (request, { principal }) => {
        const input = {
          ...mutation(request, principal),
          id: reference("id", request.id),
        };
        return { operation: encodeOperation(await cases.cancelOperation(input)) };
      },
      repairOperation: async (request, { principal }) => {
        const input = {
          ...mutation(request, principal),
          id: reference("id", request.id),
        };
        return { operation: encodeOperation(await cases.repairOperation(input)) };
      },
    },
    edge,
  );
}

/** Its present state, then every change until it has finished. */
async function* followOperation(
  parts: OperationServiceParts,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<WatchOperationResponse> {
  const dirty = new DirtyPools({ isWanted: () => true, wantsProgress: true });
  using _bell = parts.watch.subscribe(dirty);
  const stopped = AbortSignal.any([signal, parts.draining]);
  let last = "";
  while (!stopped.aborted) {
    dirty.take();
    const { operation } = await parts.cases.getOperation(id);
    const shown = fingerprint(operation);
    if (shown !== last) {
      last = shown;
      yield { operation: encodeOperation(operation) };
    }
    if (isFinished(operation.state)) {
      return;
    }
    await dirty.wait(LOOK_MS, stopped);
  }
}

function fingerprint({ state, step, percent, message, fence }: OperationRecord): string {
  return [state, step, percent, message, fence].join("\n");
}
