// Sends an agent what waits for it: the newest target, then commands in order, at most a window of them unacknowledged.
// Rows hold both; a lost wake-up costs one heartbeat.
import type { OpenedSession, SessionDesk } from "./desk.ts";
import type { Outbox } from "./outbox.ts";

/** Commands on the wire that the agent has not put on disk yet. */
const WINDOW = 4;
/** An agent says within this time which target it holds after one was sent. */
const SETTLE_MS = 5_000;

export interface PumpOptions {
  readonly desk: SessionDesk;
  readonly opened: OpenedSession;
  readonly outbox: Outbox;
  readonly onCommand: (outcome: string) => void;
}

/** The target that an agent says it holds, and the policy that came with it. */
export interface TargetHeld {
  readonly targetRevision: number;
  readonly policyDigest: string;
}

export class WorkPump {
  readonly #options: PumpOptions;
  readonly #unacknowledged = new Set<number>();
  #targetRevision: number;
  #policyDigest: string;
  #targetSentMs = Number.NEGATIVE_INFINITY;
  #lastCommand: number;
  #running: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: PumpOptions, start: TargetHeld & { readonly afterCommand: number }) {
    this.#options = options;
    this.#targetRevision = start.targetRevision;
    this.#policyDigest = start.policyDigest;
    this.#lastCommand = start.afterCommand;
  }

  /**
   * What the agent says it holds. Another target than was sent means that it must be sent again, unless the two crossed
   * on the wire. True when something is to be sent.
   */
  targetHeld({ targetRevision, policyDigest }: TargetHeld): boolean {
    const isSame = targetRevision === this.#targetRevision && policyDigest === this.#policyDigest;
    if (isSame || performance.now() - this.#targetSentMs < SETTLE_MS) {
      return false;
    }
    this.#targetRevision = targetRevision;
    this.#policyDigest = policyDigest;
    return true;
  }

  acknowledged(sequence: number): void {
    this.#unacknowledged.delete(sequence);
  }

  /** Runs once at a time; calls meanwhile make it look again afterwards. */
  run(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#sendPending();
    }
  }

  async #sendPending(): Promise<void> {
    const { desk, opened, outbox, onCommand } = this.#options;
    const limit = WINDOW - this.#unacknowledged.size;
    const work = await desk.pendingWork(opened, {
      targetRevision: this.#targetRevision,
      policyDigest: this.#policyDigest,
      afterCommand: this.#lastCommand,
      limit,
    });
    if (work.target !== undefined) {
      this.#targetRevision = Number(work.target.target?.revision ?? 0n);
      this.#policyDigest = work.target.policy?.digest ?? "";
      this.#targetSentMs = performance.now();
      await outbox.say({ $case: "targetState", value: work.target });
    }
    for (const command of work.commands) {
      this.#lastCommand = Number(command.commandSequence);
      this.#unacknowledged.add(this.#lastCommand);
      onCommand("sent");
      await outbox.say({ $case: "command", value: command });
    }
  }
}
