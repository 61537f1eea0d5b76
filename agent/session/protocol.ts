// The agent's side of one stream as a pure function: what comes in, what to send, what to do. Sequence numbers, time and
// the wire itself are the caller's. docs/spec/agent-session.md tells the same as a story.
import type {
  Command,
  ConnectRequest,
  ConnectResponse,
  FilesWanted,
  OperationResultAck,
  PlanRequest,
  PoolStanding,
  TargetState,
  Welcome,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { encodeView } from "../../rpc/codec/view.ts";
import type { MachineState } from "../machine.ts";
import { durationMs } from "./durations.ts";
import { deltaReport, encodeFacts, encodeServers, fullReport } from "./reports.ts";

export type Saying = NonNullable<ConnectRequest["body"]>;

/** Before Welcome nothing but Hello is said; after a drain nothing more. */
export type Phase = "greeting" | "live" | "leaving";

export interface StreamState {
  readonly phase: Phase;
  /** The newest reading of the machine. */
  readonly machine: MachineState;
  /** What the server has, or will have once it has taken what was sent. */
  readonly reported: MachineState;
  /** Counts reports on this stream; makes their ids. */
  readonly reports: number;
}

export type StreamInput =
  | { readonly kind: "received"; readonly body: ConnectResponse["body"] }
  | { readonly kind: "machine"; readonly machine: MachineState };

export type StreamOutput =
  | { readonly kind: "send"; readonly saying: Saying }
  | { readonly kind: "welcomed"; readonly welcome: Welcome }
  | { readonly kind: "take-target"; readonly state: TargetState }
  | { readonly kind: "plan"; readonly request: PlanRequest }
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "upload"; readonly sha256: readonly string[] }
  | { readonly kind: "offer"; readonly request: FilesWanted }
  | { readonly kind: "forget-result"; readonly ack: OperationResultAck }
  | { readonly kind: "pool-standing"; readonly standing: PoolStanding }
  | { readonly kind: "throttle"; readonly ms: number }
  | { readonly kind: "leave"; readonly minDelayMs: number; readonly maxDelayMs: number; readonly reason: string };

export interface StreamStep {
  readonly state: StreamState;
  readonly outputs: readonly StreamOutput[];
}

/** When a Drain does not say how long to stay away. */
const DRAIN_FALLBACK_MS = 1_000;
/** When a Throttle does not say for how long. */
const THROTTLE_FALLBACK_MS = 5_000;

/** The state of a stream whose Hello names this reading. */
export function greet(machine: MachineState): StreamState {
  return { phase: "greeting", machine, reported: machine, reports: 0 };
}

export function advance(state: StreamState, input: StreamInput): StreamStep {
  if (input.kind === "machine") {
    return catchUp({ ...state, machine: input.machine });
  }
  return receive(state, input.body);
}

function receive(state: StreamState, body: ConnectResponse["body"]): StreamStep {
  switch (body?.$case) {
    case "welcome":
      return welcomed(state, body.value);
    case "requestFullState":
      return sendAll(state);
    case "requestView":
      return body.value.sha256.length === 0
        ? only(state, { kind: "send", saying: viewReport(state.machine) })
        : only(state, { kind: "upload", sha256: body.value.sha256 });
    case "targetState":
      return only(state, { kind: "take-target", state: body.value });
    case "planRequest":
      return only(state, { kind: "plan", request: body.value });
    case "command":
      return only(state, { kind: "command", command: body.value });
    case "operationResultAck":
      return only(state, { kind: "forget-result", ack: body.value });
    case "filesWanted":
      return only(state, { kind: "offer", request: body.value });
    case "poolStanding":
      return only(state, { kind: "pool-standing", standing: body.value });
    case "throttle":
      return only(state, { kind: "throttle", ms: durationMs(body.value.retryAfter, THROTTLE_FALLBACK_MS) });
    case "drain":
      return {
        state: { ...state, phase: "leaving" },
        outputs: [
          { kind: "send", saying: { $case: "goodbye", value: { reason: "drain" } } },
          {
            kind: "leave",
            minDelayMs: durationMs(body.value.minDelay, 0),
            maxDelayMs: durationMs(body.value.maxDelay, DRAIN_FALLBACK_MS),
            reason: body.value.reason,
          },
        ],
      };
    case undefined:
      // A newer server may say what this agent does not know; the digests in the heartbeat keep both honest.
      return { state, outputs: [] };
  }
}

function welcomed(state: StreamState, welcome: Welcome): StreamStep {
  const live: StreamState = { ...state, phase: state.phase === "leaving" ? "leaving" : "live" };
  const rest = catchUp(live);
  return { state: rest.state, outputs: [{ kind: "welcomed", welcome }, ...rest.outputs] };
}

/** Sends what changed since the last report. The view goes first: without it new packages would look foreign. */
function catchUp(state: StreamState): StreamStep {
  if (state.phase !== "live") {
    return { state, outputs: [] };
  }
  const { machine, reported } = state;
  const outputs: StreamOutput[] = [];
  if (hasViewNews(machine, reported)) {
    outputs.push({ kind: "send", saying: viewReport(machine) });
  }
  const hasNews = machine.digest !== reported.digest || !areEqualFacts(machine, reported);
  if (!hasNews) {
    return { state: { ...state, reported: machine }, outputs };
  }
  const chunks = deltaReport(reported, machine, `r${String(state.reports + 1)}`);
  for (const value of chunks) {
    outputs.push({ kind: "send", saying: { $case: "stateReport", value } });
  }
  return { state: { ...state, reported: machine, reports: state.reports + 1 }, outputs };
}

function sendAll(state: StreamState): StreamStep {
  const chunks = fullReport(state.machine, `r${String(state.reports + 1)}`);
  return {
    state: { ...state, reported: state.machine, reports: state.reports + 1 },
    outputs: [
      ...(hasViewNews(state.machine, state.reported)
        ? [{ kind: "send", saying: viewReport(state.machine) } as const]
        : []),
      ...chunks.map((value) => ({ kind: "send", saying: { $case: "stateReport", value } }) as const),
    ],
  };
}

function only(state: StreamState, output: StreamOutput): StreamStep {
  return { state, outputs: [output] };
}

function viewReport(machine: MachineState): Saying {
  const { view, viewDigest, servers } = machine;
  return { $case: "viewReport", value: { view: encodeView(view, viewDigest), servers: encodeServers(servers) } };
}

/** Another mirror is news as well: the server fetches from it. */
function hasViewNews(machine: MachineState, reported: MachineState): boolean {
  return (
    machine.viewDigest !== reported.viewDigest || JSON.stringify(machine.servers) !== JSON.stringify(reported.servers)
  );
}

function areEqualFacts(one: MachineState, other: MachineState): boolean {
  return JSON.stringify(encodeFacts(one.facts)) === JSON.stringify(encodeFacts(other.facts));
}
