import { describe, expect, it } from "vitest";
import { Refusal } from "../../domain/refusal.ts";
import type {
  Command,
  ConnectRequest,
  ConnectResponse,
  Hello,
  StateReport,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { PROTOCOL_VERSION } from "../../rpc/protocol-version.ts";
import { AgentSession } from "./agent-session.ts";
import type { DigestNeeds, OpenedSession, PendingWork, SessionDesk } from "./desk.ts";
import { Outbox } from "./outbox.ts";
import type { Standing } from "./pool-standings.ts";
import type { WholeReport } from "./report-assembly.ts";

const DIGEST = "a".repeat(64);
const OTHER = "b".repeat(64);

class FakeDesk implements SessionDesk {
  readonly done: string[] = [];
  needs: DigestNeeds = { wantsFullState: false, view: { kind: "nothing" } };
  commands: Command[] = [];
  targetRevision = 0;
  takesReports = true;
  reports: WholeReport[] = [];
  ring: () => void = () => undefined;

  open = async (endpointId: string): Promise<OpenedSession> => ({
    epoch: 1,
    endpointId,
    name: "one",
    poolId: "p",
    pool: "pool",
  });
  close = async () => undefined;
  marks: readonly number[] = [];
  poolStanding = async (_session: OpenedSession, toldMark: number | undefined): Promise<Standing | undefined> => {
    if (this.done.includes("no pool")) throw new Error("the pool is gone");
    const mark = this.marks.find((one) => one > (toldMark ?? 0));
    return mark === undefined ? undefined : { mark, standing: { pool: `at ${String(mark)}` } as never };
  };
  compareDigests = async () => this.needs;
  storeReport = async (_session: OpenedSession, report: WholeReport) => {
    this.reports.push(report);
    return this.takesReports;
  };
  storeView = async () => this.needs.view;
  pendingWork = async (
    _session: OpenedSession,
    held: { targetRevision: number; afterCommand: number; limit: number },
  ): Promise<PendingWork> => ({
    target:
      held.targetRevision === this.targetRevision
        ? undefined
        : { target: { revision: BigInt(this.targetRevision) } as never, packageSet: [], policy: undefined },
    commands: this.commands.filter(({ commandSequence }) => commandSequence > held.afterCommand).slice(0, held.limit),
  });
  recordTargetStatus = async (_session: OpenedSession, revision: number, error: string | undefined) =>
    void this.done.push(`target ${String(revision)} ${error ?? "taken"}`);
  acknowledgeCommand = async (_session: OpenedSession, ack: { commandSequence: bigint }) =>
    void this.done.push(`ack ${String(ack.commandSequence)}`);
  recordProgress = async (_session: OpenedSession, progress: { percent: number }) =>
    void this.done.push(`progress ${String(progress.percent)}`);
  recordResult = async (_session: OpenedSession, result: { operationId: string }) =>
    void this.done.push(`result ${result.operationId}`);
  onMoved = (_session: OpenedSession, listener: () => void): Disposable => {
    this.ring = listener;
    return { [Symbol.dispose]: () => void this.done.push("let go of the bell") };
  };
}

const HELLO: Hello = {
  protocolVersion: PROTOCOL_VERSION,
  agentVersion: "1",
  bootId: "b",
  instance: "i",
  stateDigest: DIGEST,
  viewDigest: DIGEST,
  targetRevision: 0n,
  lastCommandSequence: 0n,
  running: [],
  unacknowledgedResults: 0,
  facts: undefined,
  policyDigest: "",
};

function report(more: Partial<StateReport>): ConnectRequest["body"] {
  const value = {
    reportId: "r",
    baseDigest: "",
    digest: DIGEST,
    upserts: [],
    removed: [],
    chunk: 0,
    chunks: 1,
    facts: undefined,
    ...more,
  };
  return { $case: "stateReport", value };
}

function command(sequence: number): Command {
  return {
    commandSequence: BigInt(sequence),
    commandId: `c${String(sequence)}`,
    notAfter: undefined,
    order: undefined,
  };
}

/** Runs a session over these messages, then ends the stream. Answers what was said and how it ended. */
async function converse(
  desk: FakeDesk,
  bodies: readonly (ConnectRequest["body"] | { readonly sequence: bigint; readonly body: ConnectRequest["body"] })[],
  heartbeatMs = 60_000,
) {
  const said: ConnectResponse[] = [];
  async function* messages(): AsyncGenerator<ConnectRequest> {
    let sequence = 0n;
    for (const one of bodies) {
      sequence += 1n;
      yield one !== undefined && "sequence" in one ? one : { sequence, body: one };
      await new Promise(setImmediate);
    }
  }
  const iterator = messages();
  const options = {
    desk,
    outbox: new Outbox(async (message) => void said.push(message)),
    heartbeatMs,
    now: () => new Date(0),
    onCommand: () => undefined,
    onReport: () => undefined,
    onResult: () => undefined,
  };
  let failure: unknown;
  try {
    const session = await AgentSession.open(iterator, "e", options);
    await session.run(iterator);
  } catch (error) {
    failure = error;
  }
  return {
    said,
    kinds: said.map(({ body }) => body?.$case),
    failure: failure instanceof Refusal ? failure.reason : failure,
  };
}

const hello: ConnectRequest["body"] = { $case: "hello", value: HELLO };
const heartbeat: ConnectRequest["body"] = {
  $case: "heartbeat",
  value: { stateDigest: DIGEST, viewDigest: DIGEST, targetRevision: 0n, policyDigest: "" },
};

describe("an agent's session", () => {
  it("answers an unchanged endpoint with Welcome and nothing else", async () => {
    const { kinds, failure } = await converse(new FakeDesk(), [hello, heartbeat, heartbeat]);
    expect(kinds).toEqual(["welcome"]);
    expect(failure).toBeUndefined();
  });

  it("tells after a heartbeat how the pool stands when it moved, each time once, and does without when it cannot", async () => {
    const desk = new FakeDesk();
    desk.marks = [3, 5];
    const { said, kinds } = await converse(desk, [hello, heartbeat, heartbeat, heartbeat]);
    expect(kinds).toEqual(["welcome", "poolStanding", "poolStanding"]);
    expect(said.at(-1)?.body?.value).toMatchObject({ pool: "at 5" });
    const broken = new FakeDesk();
    broken.done.push("no pool");
    expect((await converse(broken, [hello, heartbeat])).failure).toBeUndefined();
  });

  it("asks for what it does not know, the view before the packages", async () => {
    const desk = new FakeDesk();
    desk.needs = { wantsFullState: true, view: { kind: "databases", sha256: [OTHER] } };
    const { kinds } = await converse(desk, [hello]);
    expect(kinds).toEqual(["welcome", "requestView", "requestFullState"]);
  });

  it.each([
    ["a stream without Hello", [heartbeat], "INVALID_FIELD"],
    ["a stream that ends at once", [], "INVALID_FIELD"],
    ["a second Hello", [hello, hello], "INVALID_FIELD"],
    ["an empty body", [hello, undefined], "INVALID_FIELD"],
    ["another protocol", [{ $case: "hello", value: { ...HELLO, protocolVersion: 99 } } as const], "PROTOCOL_VERSION"],
    ["a digest that is none", [{ $case: "hello", value: { ...HELLO, stateDigest: "x" } } as const], "INVALID_FIELD"],
    ["a repeated sequence", [hello, { sequence: 1n, body: heartbeat }], "INVALID_FIELD"],
    ["a chunk out of order", [hello, report({ chunk: 1, chunks: 3 })], "INVALID_FIELD"],
    [
      "a chunk of another report",
      [hello, report({ chunks: 2 }), report({ chunk: 1, chunks: 2, reportId: "s" })],
      "INVALID_FIELD",
    ],
    ["endless chunks", [hello, report({ chunks: 1_000_000 })], "INVALID_FIELD"],
    [
      "a percentage of 200",
      [
        hello,
        {
          $case: "operationProgress",
          value: { operationId: "o", fence: 1n, step: 1, percent: 200, message: "" },
        } as const,
      ],
      "INVALID_FIELD",
    ],
  ])("ends %s", async (_what, bodies, reason) => {
    expect((await converse(new FakeDesk(), bodies as never)).failure).toBe(reason);
  });

  it("asks for the full state after a gap, and goes on", async () => {
    const { kinds, failure } = await converse(new FakeDesk(), [
      hello,
      { sequence: 7n, body: heartbeat },
      { sequence: 8n, body: heartbeat },
    ]);
    expect(kinds).toEqual(["welcome", "requestFullState"]);
    expect(failure).toBeUndefined();
  });

  it("applies a report when its last chunk is there, and a newer report drops an unfinished one", async () => {
    const desk = new FakeDesk();
    await converse(desk, [
      hello,
      report({ chunks: 2 }),
      report({ reportId: "s", digest: OTHER, chunks: 2 }),
      report({ reportId: "s", digest: OTHER, chunk: 1, chunks: 2, removed: [] }),
    ]);
    expect(desk.reports.map(({ reportId }) => reportId)).toEqual(["s"]);
  });

  it("gives up on reports that never fit", async () => {
    const desk = new FakeDesk();
    desk.takesReports = false;
    const { kinds, failure } = await converse(desk, [hello, report({}), report({}), report({}), report({})]);
    expect(kinds.filter((kind) => kind === "requestFullState")).toHaveLength(3);
    expect(failure).toBe("STALE_DIGEST");
  });

  it("sends commands in order, at most four that are not acknowledged", async () => {
    const desk = new FakeDesk();
    desk.commands = [1, 2, 3, 4, 5, 6].map(command);
    const ack: ConnectRequest["body"] = { $case: "commandAck", value: { commandSequence: 1n, outcome: 1, reason: "" } };
    const waiting = await converse(desk, [hello, heartbeat]);
    const acknowledged = await converse(desk, [hello, heartbeat, ack, heartbeat]);
    const sequences = (said: readonly ConnectResponse[]) =>
      said.flatMap(({ body }) => (body?.$case === "command" ? [Number(body.value.commandSequence)] : []));
    expect(sequences(waiting.said)).toEqual([1, 2, 3, 4]);
    expect(sequences(acknowledged.said)).toEqual([1, 2, 3, 4, 5]);
  });

  it("stores a result before it acknowledges it, and says how far it is", async () => {
    const desk = new FakeDesk();
    const value = {
      operationId: "o",
      fence: 1n,
      state: 5 as const,
      problems: [],
      digest: DIGEST,
      startedAt: undefined,
      finishedAt: undefined,
      plan: undefined,
    };
    const { said, kinds } = await converse(desk, [hello, heartbeat, { $case: "operationResult", value }]);
    expect(desk.done).toContain("result o");
    expect(kinds).toEqual(["welcome", "operationResultAck"]);
    expect(said[1]).toMatchObject({ sequence: 2n, ackSequence: 2n });
  });

  it("keeps the newest progress of an operation only", async () => {
    const desk = new FakeDesk();
    const progress = [10, 20, 30].map(
      (percent) =>
        ({
          $case: "operationProgress",
          value: { operationId: "o", fence: 1n, step: 1, percent, message: "" },
        }) as const,
    );
    await converse(desk, [hello, ...progress]);
    expect(desk.done.filter((word) => word.startsWith("progress")).at(-1)).toBe("progress 30");
    expect(desk.done.filter((word) => word.startsWith("progress")).length).toBeLessThanOrEqual(2);
  });

  it("ends a stream that fell silent, and lets go of the bell", async () => {
    const desk = new FakeDesk();
    const never = new Promise<never>(() => undefined);
    async function* silent(): AsyncGenerator<ConnectRequest> {
      yield { sequence: 1n, body: hello };
      await never;
    }
    const iterator = silent();
    const options = {
      desk,
      outbox: new Outbox(async () => undefined),
      heartbeatMs: 5,
      now: () => new Date(0),
      onCommand: () => undefined,
      onReport: () => undefined,
      onResult: () => undefined,
    };
    const session = await AgentSession.open(iterator, "e", options);
    await session.run(iterator);
    expect(desk.done).toContain("let go of the bell");
  });
});
