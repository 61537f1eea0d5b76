// A server that plays endpoints and their operations as a test tells it to: for moments that a real one does not produce on
// demand (a refused plan, a degraded end, a stream that breaks while an operation runs).
import { createHash } from "node:crypto";
import { type Plan as DomainPlan, sealPlan } from "../../domain/plan/plan.ts";
import { Refusal } from "../../domain/refusal.ts";
import { SyncStatus } from "../../proto/generated/pacpool/v1/drift.ts";
import { Endpoint, EndpointServiceService } from "../../proto/generated/pacpool/v1/endpoint.ts";
import {
  Operation,
  OperationServiceService,
  OperationState,
  OperationStep,
} from "../../proto/generated/pacpool/v1/operation.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { makeAuthority, makeServerIdentity } from "../../server/authority/certificates.ts";
import { listen, makeServer } from "../../server/listener.ts";

export interface ScriptedEndpoint {
  readonly name: string;
  readonly status: SyncStatus;
  /** A refusal's reason instead of a plan. */
  readonly refuses?: string;
  /** Packages that its plan removes. */
  readonly removes?: readonly string[];
  /** How its operation ends. */
  readonly ends?: OperationState;
  /** That many starts are refused because the server has not got its newest report yet. */
  readonly staleStarts?: number;
  /** Its stream breaks once before the end. */
  readonly breaks?: boolean;
}

interface Started {
  readonly endpoint: string;
  readonly planDigest: string;
}

export interface ScriptedFleet extends AsyncDisposable {
  readonly address: string;
  readonly ca: string;
  /** Endpoint and plan digest of every start. */
  readonly started: readonly Started[];
}

export const SCRIPTED_KEY = `ppk_1_${"a".repeat(40)}`;

export async function openScriptedFleet(endpoints: readonly ScriptedEndpoint[]): Promise<ScriptedFleet> {
  const authority = await makeAuthority(new Date());
  const own = await makeServerIdentity(authority, ["127.0.0.1", "localhost"], new Date());
  const started: Started[] = [];
  const edge: Edge = {
    authenticate: () => Promise.resolve({ kind: "operator", id: "1", name: "a test", role: "administrator" }),
    onDefect: (error) => {
      console.error("scripted fleet", error);
    },
  };
  const services = [playEndpoints(endpoints, edge), playOperations(endpoints, started, edge)];
  const identity = { certificate: authority.certificate, fingerprint: "", chain: own.certificate, key: own.key };
  const listener = await listen(makeServer(services), "127.0.0.1:0", identity);
  return {
    address: listener.address,
    ca: `${authority.certificate}\n`,
    started,
    [Symbol.asyncDispose]: () => listener.stop(),
  };
}

function unplayed(): Promise<never> {
  return Promise.reject(new Error("not played"));
}

function find(endpoints: readonly ScriptedEndpoint[], name: string): ScriptedEndpoint {
  const found = endpoints.find((one) => one.name === name);
  if (found === undefined) throw new Refusal("ENDPOINT_NOT_FOUND", { endpoint: name });
  return found;
}

function playEndpoints(endpoints: readonly ScriptedEndpoint[], edge: Edge): Implementation {
  return implement(
    EndpointServiceService,
    {
      getEndpoint: async ({ endpoint }) => ({ endpoint: wireEndpoint(find(endpoints, endpoint)) }),
      listEndpoints: async () => ({ endpoints: endpoints.map(wireEndpoint), nextPageToken: "" }),
      computePlan: async ({ endpoint, revert }) => {
        const found = find(endpoints, endpoint);
        const { refuses: reason } = found;
        return reason === undefined
          ? { outcome: { $case: "plan", value: encodePlan(planOf(found, revert)) } }
          : { outcome: { $case: "refusal", value: { reason, message: "it cannot", details: ["linux-6.9"] } } };
      },
      getDrift: unplayed,
      getPackageSet: unplayed,
      moveEndpoint: unplayed,
      labelEndpoint: unplayed,
      removeEndpoint: unplayed,
    },
    edge,
  );
}

function playOperations(endpoints: readonly ScriptedEndpoint[], started: Started[], edge: Edge): Implementation {
  const broken = new Set<string>();
  const stale = new Map<string, number>();
  return implement(
    OperationServiceService,
    {
      startOperation: async ({ endpoint, planDigest }) => {
        const { staleStarts = 0 } = find(endpoints, endpoint);
        stale.set(endpoint, (stale.get(endpoint) ?? 0) + 1);
        if ((stale.get(endpoint) ?? 0) <= staleStarts) throw new Refusal("STALE_PLAN", { endpoint });
        started.push({ endpoint, planDigest });
        return { operation: operation(endpoint, { state: OperationState.QUEUED }) };
      },
      watchOperation: async function* ({ id }) {
        const { name, ends = OperationState.SUCCEEDED, breaks = false } = find(endpoints, id.slice("op-".length));
        const running = { state: OperationState.RUNNING, step: OperationStep.TRANSACTION, percent: 60 };
        yield { operation: operation(name, running) };
        if (breaks && !broken.has(name)) {
          broken.add(name);
          throw new Refusal("DRAINING");
        }
        const problems = ends === OperationState.SUCCEEDED ? [] : [`${name} has a problem`];
        yield { operation: operation(name, { state: ends, percent: 100, problems }) };
      },
      getOperation: async ({ id }) => ({ operation: operation(id.slice("op-".length), {}), plan: undefined, log: [] }),
      listOperations: async () => ({ operations: [], nextPageToken: "" }),
      approveOperation: unplayed,
      cancelOperation: unplayed,
      repairOperation: unplayed,
    },
    edge,
  );
}

function wireEndpoint({ name, status }: ScriptedEndpoint): Endpoint {
  return {
    ...Endpoint.fromPartial({ id: name, name, pool: "main", poolId: "main", online: true, packages: 3 }),
    status,
  };
}

function operation(endpoint: string, more: Partial<Operation>): Operation {
  const startedAt = new Date(1_748_736_000_000);
  return { ...Operation.fromPartial({ id: `op-${endpoint}`, endpoint, endpointId: endpoint, startedAt }), ...more };
}

function planOf({ name, status, removes = [] }: ScriptedEndpoint, isRevert: boolean): DomainPlan {
  const common = { fromVersion: "1-1", architecture: "x86_64", buildDate: 0, why: "the target says so" };
  const removals = removes.map((one) => ({
    ...common,
    action: "remove" as const,
    name: one,
    toVersion: "",
    repository: "",
    downloadBytes: 0,
  }));
  const upgrade = {
    ...common,
    // Who is ahead would be brought back.
    action: status === SyncStatus.AHEAD ? ("downgrade" as const) : ("upgrade" as const),
    name: "bash",
    toVersion: "2-1",
    repository: "core",
    downloadBytes: 2_048,
  };
  const steps = status === SyncStatus.IN_SYNC ? [] : [...removals, upgrade];
  const rest = { reasons: [], warnings: [], leftAlone: [], downloadBytes: 2_048, installedDeltaBytes: 0 };
  const plan = { endpointId: name, baseDigest: "b", afterDigest: "a", targetRevision: 1, isRevert, steps, ...rest };
  return sealPlan(plan, (bytes) => createHash("sha256").update(bytes).digest("hex"));
}
