// What an agent's stream asks of the rest of the server; implemented over the operations (operations-desk.ts). The stream
// itself knows no storage. Every call that writes rejects with Refusal SUPERSEDED once a newer stream of the endpoint exists.

import type {
  Command,
  CommandAck,
  Hello,
  OperationProgress,
  OperationResult,
  TargetState,
  ViewReport,
} from "../../proto/generated/pacpool/v1/agent.ts";
import type { Standing } from "./pool-standings.ts";
import type { WholeReport } from "./report-assembly.ts";

/** The endpoint as its newest stream. */
export interface OpenedSession {
  readonly epoch: number;
  readonly endpointId: string;
  readonly name: string;
  readonly poolId: string;
  readonly pool: string;
}

/** What the server lacks after a digest or a report. */
export type ViewNeed =
  | { readonly kind: "nothing" }
  | { readonly kind: "report" }
  | { readonly kind: "databases"; readonly sha256: readonly string[] };

export interface DigestNeeds {
  /** The server does not know the package set by that digest. */
  readonly wantsFullState: boolean;
  readonly view: ViewNeed;
}

export interface Digests {
  readonly stateDigest: string;
  readonly viewDigest: string;
}

/** What waits for the agent: a target that it does not hold, and commands after the last one sent. */
export interface PendingWork {
  readonly target: TargetState | undefined;
  readonly commands: readonly Command[];
}

export interface SessionDesk {
  readonly open: (endpointId: string, hello: Hello) => Promise<OpenedSession>;
  readonly close: (session: OpenedSession) => Promise<void>;
  readonly compareDigests: (session: OpenedSession, digests: Digests) => Promise<DigestNeeds>;
  /** False when the base or the result's digest is another: then the full state is needed. */
  readonly storeReport: (session: OpenedSession, report: WholeReport) => Promise<boolean>;
  readonly storeView: (session: OpenedSession, report: ViewReport) => Promise<ViewNeed>;
  readonly pendingWork: (
    session: OpenedSession,
    held: {
      readonly targetRevision: number;
      readonly policyDigest: string;
      readonly afterCommand: number;
      readonly limit: number;
    },
  ) => Promise<PendingWork>;
  readonly recordTargetStatus: (session: OpenedSession, revision: number, error: string | undefined) => Promise<void>;
  readonly acknowledgeCommand: (session: OpenedSession, ack: CommandAck) => Promise<void>;
  readonly recordProgress: (session: OpenedSession, progress: OperationProgress) => Promise<void>;
  /** Resolves once it is stored, or known already. */
  readonly recordResult: (session: OpenedSession, result: OperationResult) => Promise<void>;
  /** How the endpoint's pool stands; undefined when it has not moved since that mark. */
  readonly poolStanding: (session: OpenedSession, toldMark: number | undefined) => Promise<Standing | undefined>;
  /** Calls back whenever something may wait for this endpoint. */
  readonly onMoved: (session: OpenedSession, listener: () => void) => Disposable;
}
