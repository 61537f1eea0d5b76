// What the session and the local socket need of the machine, and nothing of how pacman is asked: the seam between the
// wire side and the pacman side of the agent. open-machine.ts joins the two.
import type { Apply } from "../domain/consent/consent.ts";
import type { Drift } from "../domain/drift/drift.ts";
import type { InboxItem } from "../domain/inbox/inbox-item.ts";
import type { OperationStep } from "../domain/operation/lifecycle.ts";
import type { PackageSet } from "../domain/package-set/package-set.ts";
import type { Plan } from "../domain/plan/plan.ts";
import type { Policy } from "../domain/policy/policy.ts";
import type { RefusalReason } from "../domain/refusal.ts";
import type { Target } from "../domain/target/target.ts";
import type { View } from "../domain/view/view.ts";
import type { Offer, WantedFile } from "./files/offer-files.ts";
import type { FinishedState, OperationResult, Order } from "./orders/order-book.ts";

/** What the machine's owner and configuration say. */
export interface MachineFacts {
  /** Names that IgnorePkg and IgnoreGroup hold, resolved against what is installed; sorted. */
  readonly held: readonly string[];
  readonly apply: Apply;
  readonly root: string;
  readonly isRebootRequired: boolean;
  /** What only this machine can see and a person must do. */
  readonly inbox: readonly InboxItem[];
  /** Why the machine cannot be planned for; empty when healthy. */
  readonly healthProblems: readonly string[];
}

export interface RepositoryServers {
  readonly repository: string;
  readonly servers: readonly string[];
}

/** One reading of the machine. */
export interface MachineState {
  readonly set: PackageSet;
  readonly digest: string;
  readonly view: View;
  readonly viewDigest: string;
  /** Where pacman finds the packages of each repository, in its order. */
  readonly servers: readonly RepositoryServers[];
  readonly facts: MachineFacts;
}

/** The pool's target as it was delivered, its databases verified and on disk. */
export interface DeliveredTarget {
  /** Whose target it is: revisions count per pool. */
  readonly poolId: string;
  readonly target: Target;
  /** In mirror mode the set to reach. */
  readonly mirror: PackageSet | undefined;
  /** File of a database by its SHA-256. */
  readonly databaseFile: (sha256: string) => string;
  /** What the pool's rules say of this endpoint; absent means nothing. */
  readonly policy?: Policy;
  /** The server's name for it. */
  readonly policyDigest?: string;
}

export interface PlanQuestion {
  readonly delivered: DeliveredTarget | undefined;
  readonly revert: boolean;
  /** To the newest of the machine's own repositories, which are asked for it; of `delivered` only the rules count. */
  readonly update?: boolean;
  /** Torn entries are to be installed again; everything else stays as it is. A person asked for it. */
  readonly repair?: boolean;
  /** The operation whose starting set is wanted; absent means the newest that changed this machine. */
  readonly revertOperationId: string | undefined;
}

/** Why there is no plan, or why an operation was refused. Nothing was changed. */
export interface PlanRefusal {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly details: readonly string[];
}

export type PlanAnswer =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "refusal"; readonly baseDigest: string; readonly refusal: PlanRefusal };

/** The newest moment of a running operation. */
export interface Progress {
  readonly operationId: string;
  readonly fence: number;
  readonly step: OperationStep;
  readonly percent: number;
  readonly message: string;
}

/** What an execution came to. */
export interface Outcome {
  readonly state: FinishedState;
  readonly problems: readonly string[];
}

export interface ExecutionHooks {
  /** Aborted by a CancelOrder: stop when the transaction has not begun. */
  readonly cancelled: AbortSignal;
  /** Aborted when the agent stops: leave a running pacman alone and return at once. */
  readonly stopped: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** The machine. Everything that runs pacman or reads its files is behind this. */
export interface Machine {
  /** The root that pacman.conf names. */
  readonly root: string;
  readonly read: () => Promise<MachineState>;
  /** Calls back after every change that may matter, until the signal; never by itself on an idle machine. */
  readonly watch: (changed: () => void, signal: AbortSignal) => void;
  /** How the machine stands to a target. Rejects when a database cannot be read. */
  readonly drift: (state: MachineState, delivered: DeliveredTarget) => Promise<Drift>;
  /** The file of one of the machine's own sync databases. */
  readonly databaseFile: (repository: string) => string;
  readonly plan: (question: PlanQuestion, signal: AbortSignal) => Promise<PlanAnswer>;
  /** Undefined when the agent was stopped: the next start's recovery has the rest. */
  readonly execute: (order: Order, hooks: ExecutionHooks) => Promise<Outcome | undefined>;
  /** How an execution ended whose result the agent did not get to keep; undefined when it did not end. */
  readonly outcomeOf: (order: Order) => Outcome | undefined;
  /** Whether what can wait should stay off the network. */
  readonly isMetered: () => Promise<boolean>;
  /** What this machine could give of package files that others lack; nothing is fetched. */
  readonly findOffers: (wanted: readonly WantedFile[]) => Promise<readonly Offer[]>;
  /** What became of the operations that the last run left. Adopts a pacman that still lives and waits for it. */
  readonly recover: (hooks: ExecutionHooks) => Promise<readonly OperationResult[]>;
}
