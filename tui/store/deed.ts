// What a person can have done, as values: a dialog carries one, shows what it will do, and only then it is performed.
import { describePolicyDeed, type PolicyDeed } from "./policy-deeds.ts";

export interface StartOperation {
  readonly kind: "start-operation";
  readonly endpointId: string;
  readonly endpoint: string;
  readonly planDigest: string;
  readonly isRevert: boolean;
  readonly targetRevision: number;
  /** For example "2 upgrades, 1 removal". */
  readonly changes: string;
  readonly removals: readonly string[];
}

export type Deed =
  | StartOperation
  | {
      readonly kind: "start-many";
      readonly pool: string;
      readonly starts: readonly StartOperation[];
      /** Who is left as it is, and why. */
      readonly leftOut: readonly string[];
    }
  | {
      readonly kind: "set-latest";
      readonly endpointId: string;
      readonly endpoint: string;
      readonly pool: string;
      /** The newest target revision that the person saw; 0 for none. */
      readonly seenRevision: number;
      readonly message: string;
      readonly pinsAll: boolean;
    }
  | {
      readonly kind: "restore-target";
      readonly poolId: string;
      readonly pool: string;
      readonly revision: number;
      readonly currentRevision: number;
      readonly message: string;
    }
  | {
      readonly kind: "approve";
      readonly operationId: string;
      readonly planDigest: string;
      readonly endpoint: string;
      readonly changes: string;
      readonly removals: readonly string[];
    }
  | { readonly kind: "cancel"; readonly operationId: string; readonly endpoint: string }
  | { readonly kind: "repair"; readonly operationId: string; readonly endpoint: string }
  | { readonly kind: "update"; readonly endpoint: string; readonly pool: string }
  | PolicyDeed;

/** What the confirmation says. The title is a question, the lines say what happens and what does not. */
export interface DeedWords {
  readonly title: string;
  readonly lines: readonly string[];
  readonly confirm: string;
  /** Shown while it is under way. */
  readonly doing: string;
}

const MAX_NAMED_REMOVALS = 6;

export function describeDeed(deed: Deed): DeedWords {
  switch (deed.kind) {
    case "start-operation":
      return describeStart(deed);
    case "start-many":
      return describeMany(deed);
    case "set-latest":
      return describeLatest(deed);
    case "restore-target":
      return describeRestore(deed);
    case "approve":
      return {
        title: `Let ${deed.endpoint} carry out its plan?`,
        lines: [
          `One pacman transaction on ${deed.endpoint}: ${deed.changes}.`,
          ...(deed.removals.length === 0 ? [] : [`Removes ${shortList(deed.removals)}.`]),
          "The operation waits for this. It runs as soon as the machine takes it.",
        ],
        confirm: "approve",
        doing: `approving the operation on ${deed.endpoint}`,
      };
    case "cancel":
      return {
        title: `Cancel the operation on ${deed.endpoint}?`,
        lines: ["It stops before pacman begins. Once pacman is at work it finishes, whatever is asked."],
        confirm: "cancel it",
        doing: `cancelling the operation on ${deed.endpoint}`,
      };
    case "repair":
      return {
        title: `Repair ${deed.endpoint}?`,
        lines: ["What the operation left is put right by running it again; then it is proved again."],
        confirm: "repair",
        doing: `asking ${deed.endpoint} to repair`,
      };
    case "resolve-conflicts":
    case "add-rule":
    case "remove-rule":
      return describePolicyDeed(deed);
    case "update":
      return {
        title: `Update ${deed.endpoint}, this machine?`,
        lines: [
          "1. A full upgrade here with pacman, in this terminal.",
          "2. The proof: database, files, libraries, hooks.",
          `3. This moment becomes the newest target of pool ${deed.pool}.`,
        ],
        confirm: "update",
        doing: `updating ${deed.endpoint}`,
      };
  }
}

function describeLatest(deed: Extract<Deed, { readonly kind: "set-latest" }>): DeedWords {
  return {
    title: deed.pinsAll ? `Pin what differs, and take ${deed.endpoint}?` : `Take ${deed.endpoint} as the target?`,
    lines: [
      `This moment of ${deed.endpoint} becomes target ${deed.seenRevision + 1} of pool ${deed.pool}.`,
      ...(deed.pinsAll ? ["Installed versions that differ from its repositories become pins for the pool."] : []),
      "No machine changes by itself: the others show what they lack, and sync moves them.",
    ],
    confirm: "set latest",
    doing: `making ${deed.endpoint} the target of ${deed.pool}`,
  };
}

function describeRestore(deed: Extract<Deed, { readonly kind: "restore-target" }>): DeedWords {
  return {
    title: `Return pool ${deed.pool} to target ${deed.revision}?`,
    lines: [
      `Target ${deed.currentRevision} is marked bad and is never applied again by itself.`,
      `Target ${deed.revision} comes back as the newest, as target ${deed.currentRevision + 1}.`,
      "No machine changes by itself: R on an endpoint returns it to its own set from before.",
    ],
    confirm: "revert the target",
    doing: `returning ${deed.pool} to target ${deed.revision}`,
  };
}

function describeMany({ pool, starts, leftOut }: Extract<Deed, { readonly kind: "start-many" }>): DeedWords {
  const machines = starts.map(({ endpoint, changes, removals }) => {
    const removes = removals.length === 0 ? "" : `; removes ${shortList(removals)}`;
    return `${endpoint}: ${changes}${removes}`;
  });
  return {
    title: `Sync ${starts.length} of ${pool}?`,
    lines: [
      "One pacman transaction on each, then its proof:",
      ...machines,
      ...(leftOut.length === 0 ? [] : ["Left as they are:", ...leftOut]),
    ],
    confirm: "sync them",
    doing: `starting ${starts.length} operations in ${pool}`,
  };
}

function shortList(names: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED_REMOVALS).join(", ");
  const rest = names.length - MAX_NAMED_REMOVALS;
  return rest > 0 ? `${named} and ${rest} more` : named;
}

function describeStart(deed: StartOperation): DeedWords {
  return {
    title: deed.isRevert ? `Revert ${deed.endpoint}?` : `Sync ${deed.endpoint} to target ${deed.targetRevision}?`,
    lines: [
      `One pacman transaction on ${deed.endpoint}: ${deed.changes}.`,
      ...(deed.removals.length === 0 ? [] : [`Removes ${shortList(deed.removals)}.`]),
      deed.isRevert
        ? "It returns to its own whole set from before. Files of the packages are kept."
        : "Then the result is proved. R brings the machine back.",
    ],
    confirm: deed.isRevert ? "revert" : "sync",
    doing: `starting the operation on ${deed.endpoint}`,
  };
}
