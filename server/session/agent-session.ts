// One agent's stream from Hello to its end. Order on the wire is order of effect: a message is handled before the next is
// read, and ack_sequence tells how far that is committed. docs/spec/agent-session.md.
import { setTimeout as sleep } from "node:timers/promises";
import { invalidField, Refusal } from "../../domain/refusal.ts";
import type {
  ConnectRequest,
  FilesDone,
  FilesWanted,
  Heartbeat,
  Hello,
  PlanReport,
  PlanRequest,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { decodeOperationState } from "../../rpc/codec/operation.ts";
import { checkBody, checkHello } from "./checks.ts";
import type { OpenedSession, SessionDesk, ViewNeed } from "./desk.ts";
import { seconds } from "./durations.ts";
import { FilesDesk } from "./files-desk.ts";
import { watchLiveness } from "./liveness.ts";
import type { Outbox } from "./outbox.ts";
import { PlanDesk } from "./plan-desk.ts";
import { standingTeller } from "./pool-standings.ts";
import { ProgressGate } from "./progress-gate.ts";
import { ReportAssembly } from "./report-assembly.ts";
import { WorkPump } from "./work-pump.ts";

type Body = NonNullable<ConnectRequest["body"]>;

/** An agent says Hello with its first packet; one that does not holds a stream for nothing. */
const HELLO_TIMEOUT_MS = 10_000;
/** Requests for the whole state without an answer in between: more means that the two sides count differently. */
const MAX_FULL_REQUESTS = 3;
/** Uploading databases over a slow link takes its time; asking again meanwhile would only add to it. */
const PATIENCE_MS = 60_000;
/** How long the word Drain may take to leave. */
const DRAIN_WAIT_MS = 500;

export interface SessionOptions {
  readonly desk: SessionDesk;
  readonly outbox: Outbox;
  readonly heartbeatMs: number;
  readonly now: () => Date;
  readonly onCommand: (outcome: string) => void;
  readonly onReport: (kind: "full" | "delta" | "view") => void;
  readonly onResult: (state: string) => void;
}

export class AgentSession {
  readonly #options: SessionOptions;
  readonly #end = Promise.withResolvers<void>();
  readonly #plans = new PlanDesk();
  readonly #files = new FilesDesk();
  readonly #assembly = new ReportAssembly();
  readonly #hello: Hello;
  readonly #pump: WorkPump;
  readonly #progress: ProgressGate;
  readonly #tellStanding: () => Promise<void>;
  readonly opened: OpenedSession;
  #sequence: bigint;
  #fullRequests = 0;
  #isFullStateAwaited = false;
  #viewAskedMs = Number.NEGATIVE_INFINITY;

  private constructor(options: SessionOptions, opened: OpenedSession, hello: Hello, sequence: bigint) {
    this.#options = options;
    this.opened = opened;
    this.#hello = hello;
    this.#sequence = sequence;
    // From the first order that was never acknowledged, whatever the agent has on disk: an acknowledgement may be lost, and
    // the agent answers a repetition with what it answered before.
    const { policyDigest } = hello;
    const start = { targetRevision: Number(hello.targetRevision), policyDigest, afterCommand: 0 };
    this.#pump = new WorkPump(
      { desk: options.desk, opened, outbox: options.outbox, onCommand: options.onCommand },
      start,
    );
    // It may be told to stop before it runs, or after.
    this.#end.promise.catch(() => undefined);
    this.#tellStanding = standingTeller(options, opened);
    this.#progress = new ProgressGate((progress) => options.desk.recordProgress(opened, progress));
  }

  /** Reads Hello and opens the session. The caller registers it and calls run at once. */
  static async open(
    messages: AsyncIterator<ConnectRequest>,
    endpointId: string,
    options: SessionOptions,
  ): Promise<AgentSession> {
    const first = await withTimeout(messages.next(), HELLO_TIMEOUT_MS);
    if (first.done === true || first.value.body?.$case !== "hello") {
      throw invalidField(
        "body",
        first.done === true ? "nothing" : (first.value.body?.$case ?? "nothing"),
        "hello as the first message",
      );
    }
    const hello = checkHello(first.value.body.value);
    const opened = await options.desk.open(endpointId, hello);
    options.outbox.acknowledge(first.value.sequence);
    return new AgentSession(options, opened, hello, first.value.sequence);
  }

  /** Until the agent leaves, falls silent, breaks the protocol or is told to go. Welcome is the first thing that it says. */
  async run(messages: AsyncIterator<ConnectRequest>): Promise<void> {
    const { desk, heartbeatMs } = this.#options;
    using liveness = watchLiveness(heartbeatMs, () => {
      this.#end.resolve();
    });
    using _moved = desk.onMoved(this.opened, () => {
      this.wake();
    });
    try {
      await Promise.race([this.#converse(messages, liveness.touch), this.#end.promise]);
    } finally {
      const offline = new Refusal("ENDPOINT_OFFLINE", { endpoint: this.opened.name });
      this.#plans.close(offline);
      this.#files.close(offline);
      await this.#progress.flush();
    }
  }

  /** Something may wait for this agent. */
  wake(): void {
    this.#pump.run().catch((error: unknown) => {
      this.stop(error);
    });
  }

  /** Ends the stream with this error. */
  stop(error: unknown): void {
    this.#end.reject(error);
  }

  /** Tells the agent to come back later and ends the stream. */
  async drain(maxDelayMs: number): Promise<void> {
    const drain = { minDelay: seconds(0), maxDelay: seconds(maxDelayMs), reason: "the server is stopping" };
    const said = this.#options.outbox.say({ $case: "drain", value: drain }).catch(() => undefined);
    // An agent that does not read must not hold up the stop; the end of its stream tells it as much.
    await Promise.race([said, sleep(DRAIN_WAIT_MS, undefined, { ref: false })]);
    this.stop(new Refusal("DRAINING"));
  }

  requestPlan(question: Omit<PlanRequest, "requestId">, signal: AbortSignal): Promise<PlanReport> {
    return this.#plans.request(question, (value) => this.#options.outbox.say({ $case: "planRequest", value }), signal);
  }

  requestFiles(files: FilesWanted["files"], signal: AbortSignal): Promise<FilesDone> {
    return this.#files.request(files, (value) => this.#options.outbox.say({ $case: "filesWanted", value }), signal);
  }

  async #converse(messages: AsyncIterator<ConnectRequest>, touch: () => void): Promise<void> {
    const { outbox, heartbeatMs, now } = this.#options;
    const { epoch, endpointId, name, poolId, pool } = this.opened;
    const heartbeat = seconds(heartbeatMs);
    const value = { sessionEpoch: BigInt(epoch), heartbeat, endpointId, name, poolId, pool, serverTime: now() };
    await outbox.say({ $case: "welcome", value });
    await this.#meetDigests(this.#hello);
    this.wake();
    await this.#read(messages, touch);
  }

  async #read(messages: AsyncIterator<ConnectRequest>, touch: () => void): Promise<void> {
    for (;;) {
      const next = await messages.next();
      if (next.done === true) {
        return;
      }
      touch();
      const { sequence } = next.value;
      const body = checkBody(next.value.body);
      await this.#checkSequence(sequence);
      if (body.$case === "goodbye") {
        return;
      }
      await this.#handle(body);
      this.#options.outbox.acknowledge(sequence);
    }
  }

  async #checkSequence(sequence: bigint): Promise<void> {
    if (sequence <= this.#sequence) {
      throw invalidField("sequence", String(sequence), `more than ${String(this.#sequence)}`);
    }
    const isGap = sequence !== this.#sequence + 1n;
    this.#sequence = sequence;
    if (isGap) {
      await this.#requestFullState("messages are missing");
    }
  }

  async #handle(body: Exclude<Body, { $case: "goodbye" }>): Promise<void> {
    const { desk } = this.#options;
    switch (body.$case) {
      case "hello":
        throw invalidField("body", "hello", "hello only as the first message");
      case "stateReport":
        return this.#takeReport(body.value);
      case "viewReport":
        this.#options.onReport("view");
        return this.#askForView(await desk.storeView(this.opened, body.value));
      case "targetStatus":
        return desk.recordTargetStatus(
          this.opened,
          Number(body.value.targetRevision),
          body.value.accepted ? undefined : body.value.error,
        );
      case "planReport":
        this.#plans.settle(body.value);
        return;
      case "filesDone":
        this.#files.settle(body.value);
        return;
      case "commandAck":
        await desk.acknowledgeCommand(this.opened, body.value);
        this.#pump.acknowledged(Number(body.value.commandSequence));
        this.wake();
        return;
      case "operationProgress":
        this.#progress.add(body.value);
        return;
      case "operationResult":
        await this.#progress.flush();
        await desk.recordResult(this.opened, body.value);
        this.#options.onResult(decodeOperationState(body.value.state) ?? "unknown");
        return this.#options.outbox.say({
          $case: "operationResultAck",
          value: { operationId: body.value.operationId, fence: body.value.fence },
        });
      case "heartbeat":
        return this.#takeHeartbeat(body.value);
    }
  }

  async #takeReport(chunk: Extract<Body, { $case: "stateReport" }>["value"]): Promise<void> {
    const report = this.#assembly.add(chunk);
    if (report === undefined) {
      return;
    }
    this.#isFullStateAwaited = false;
    if (!(await this.#options.desk.storeReport(this.opened, report))) {
      await this.#requestFullState("the report's base or result has another digest here");
      return;
    }
    this.#fullRequests = 0;
    this.#options.onReport(report.baseDigest === "" ? "full" : "delta");
  }

  async #takeHeartbeat(heartbeat: Heartbeat): Promise<void> {
    const { policyDigest } = heartbeat;
    const isTargetMissing = this.#pump.targetHeld({ targetRevision: Number(heartbeat.targetRevision), policyDigest });
    await this.#meetDigests(heartbeat);
    if (isTargetMissing) {
      this.wake();
    }
    await this.#tellStanding();
  }

  async #meetDigests(digests: { readonly stateDigest: string; readonly viewDigest: string }): Promise<void> {
    const needs = await this.#options.desk.compareDigests(this.opened, digests);
    // What was asked for may be on its way: heartbeats pass it.
    if (performance.now() - this.#viewAskedMs > PATIENCE_MS) {
      await this.#askForView(needs.view);
    }
    if (needs.wantsFullState && !this.#isFullStateAwaited) {
      await this.#requestFullState("this package set is new here");
    }
  }

  async #askForView(need: ViewNeed): Promise<void> {
    if (need.kind !== "nothing") {
      this.#viewAskedMs = performance.now();
      const sha256 = need.kind === "databases" ? [...need.sha256] : [];
      await this.#options.outbox.say({ $case: "requestView", value: { sha256 } });
    }
  }

  async #requestFullState(reason: string): Promise<void> {
    this.#fullRequests += 1;
    if (this.#fullRequests > MAX_FULL_REQUESTS) {
      throw new Refusal("STALE_DIGEST");
    }
    this.#isFullStateAwaited = true;
    await this.#options.outbox.say({ $case: "requestFullState", value: { reason } });
  }
}

async function withTimeout<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(invalidField("body", "nothing", `hello within ${String(timeoutMs / 1_000)} seconds`));
  }, timeoutMs);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
