// Asks the server for names of one kind, with a few words about each. Bounded: whoever pressed Tab waits.
import { OPERATION_FACES } from "../../domain/face/faces.ts";
import { isFinished } from "../../domain/operation/lifecycle.ts";
import { formatAge } from "../../domain/status-line/age.ts";
import { decodeKey } from "../../rpc/codec/access.ts";
import { decodeEndpoint, type EndpointView } from "../../rpc/codec/endpoint.ts";
import { decodeOperation, type OperationView } from "../../rpc/codec/operation.ts";
import { decodePool } from "../../rpc/codec/pool.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import type { Connection } from "../../rpc/connection.ts";
import { collectPages } from "../pages.ts";
import type { NameKind } from "./name-request.ts";
import type { Name } from "./names-cache.ts";

/** As many as the server gives in one answer. */
const PAGE = 500;
/** Nobody chooses among more, but a prefix may. */
const MAX_ENDPOINTS = 10_000;
/** Revisions and operations that somebody would still mean. */
const MAX_LATEST = 50;

export interface NameQuestion {
  readonly kind: Exclude<NameKind, "profile">;
  readonly words: readonly string[];
  /** For revisions: whose. */
  readonly pool: string | undefined;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

export async function askNames(connection: Connection, question: NameQuestion): Promise<readonly Name[]> {
  const { kind, signal, nowMs } = question;
  switch (kind) {
    case "endpoint":
      return (await listEndpoints(connection, signal)).map(({ name, status, pool }) => ({
        name,
        about: `${status}, pool ${pool}`,
      }));
    case "label":
      return labelNames(await listEndpoints(connection, signal));
    case "pool": {
      const { pools } = await connection.pools.listPools({ pageSize: PAGE, pageToken: "" }, { signal });
      return pools.map(decodePool).map(({ name, target, endpoints }) => ({
        name,
        about: `${String(endpoints)} endpoints, ${target === undefined ? "no target yet" : `target ${String(target.revision)}`}`,
      }));
    }
    case "revision": {
      if (question.pool === undefined) return [];
      const request = { pool: question.pool, pageSize: MAX_LATEST, pageToken: "" };
      const { targets } = await connection.targets.listTargets(request, { signal });
      return targets.map(decodeTarget).map(({ revision, message, sourceEndpoint, createdAtMs, bad }) => ({
        name: String(revision),
        about: `${bad ? "bad, " : ""}${message === "" ? "" : `${message}, `}from ${sourceEndpoint}, ${formatAge(createdAtMs, nowMs)} ago`,
      }));
    }
    case "operation": {
      const request = { pool: "", endpoint: "", active: false, pageSize: MAX_LATEST, pageToken: "" };
      const { operations } = await connection.operations.listOperations(request, { signal });
      return operations.map(decodeOperation).filter(fits(question.words)).map(operationName);
    }
    case "key": {
      const { keys } = await connection.access.listKeys({}, { signal });
      const live = keys.map(decodeKey).filter(({ isRevoked }) => !isRevoked);
      return live.map(({ id, name, role }) => ({ name: id, about: `${name}, ${role}` }));
    }
  }
}

async function listEndpoints(connection: Connection, signal: AbortSignal): Promise<readonly EndpointView[]> {
  const wire = await collectPages(async (pageToken) => {
    const page = await connection.endpoints.listEndpoints({ pool: "", pageSize: PAGE, pageToken }, { signal });
    return { items: page.endpoints, nextPageToken: page.nextPageToken };
  }, MAX_ENDPOINTS);
  return wire.map(decodeEndpoint);
}

/** Each label with its value, as rules and `--set` want it. */
function labelNames(endpoints: readonly EndpointView[]): readonly Name[] {
  const labels = endpoints.flatMap((one) => Object.entries(one.labels).map(([name, value]) => `${name}=${value}`));
  const counts = Map.groupBy(labels, (label) => label);
  return [...counts].map(([name, all]) => ({ name, about: `${String(all.length)} endpoints` }));
}

function operationName({ id, endpoint, state, isRevert }: OperationView): Name {
  return { name: id, about: `${isRevert ? "revert" : "sync"} of ${endpoint}, ${OPERATION_FACES[state].word}` };
}

/** Only those that the verb could do something with. */
function fits([group, verb]: readonly string[]): (operation: OperationView) => boolean {
  if (group !== "operation") return () => true;
  if (verb === "approve") return ({ state }) => state === "pending-approval";
  if (verb === "repair") return ({ state }) => state === "interrupted" || state === "degraded";
  return verb === "cancel" || verb === "watch" ? ({ state }) => !isFinished(state) : () => true;
}
