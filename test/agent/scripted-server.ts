// A server that says what a test tells it to: for moments that a real one does not produce on demand (a stale digest, a
// lost answer, a refused key). Speaks TLS and the real contract; stores nothing but what it was sent.

import { createHash } from "node:crypto";
import { Refusal } from "../../domain/refusal.ts";
import { viewDigest } from "../../domain/view/view.ts";
import {
  AgentServiceService,
  type ConnectRequest,
  type ConnectResponse,
  type EnrolRequest,
  type TargetState,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { TargetMode } from "../../proto/generated/pacpool/v1/target.ts";
import type { SyncDatabase } from "../../proto/generated/pacpool/v1/view.ts";
import { type Edge, implement } from "../../rpc/handlers.ts";
import { makeAuthority, makeServerIdentity } from "../../server/authority/certificates.ts";
import { type Listener, listen, makeServer } from "../../server/listener.ts";
import { eventually } from "../support/eventually.ts";
import { type ScriptedArtifacts, scriptArtifacts } from "./scripted-artifacts.ts";

export type Said = NonNullable<ConnectRequest["body"]>;
type Answer = NonNullable<ConnectResponse["body"]>;
type SaidOf<Case extends Said["$case"]> = Extract<Said, { $case: Case }>["value"];

/** Other tests may have the machine's cores for a while. */
const WAIT_MS = 30_000;

export interface ScriptedServer extends AsyncDisposable {
  readonly address: string;
  readonly ca: string;
  /** Everything that was said on all streams, in order. */
  readonly said: Said[];
  /** Files by SHA-256, uploaded or put there for download. */
  readonly files: Map<string, Buffer>;
  readonly artifacts: ScriptedArtifacts;
  readonly enrolments: readonly EnrolRequest[];
  /** The answers to the next enrolments are lost. */
  loseEnrolments(count: number): void;
  /** Streams that were opened. */
  streams(): number;
  /** Says something on the newest stream. */
  say(body: Answer): Promise<void>;
  /** Waits for the nth message of a kind (the first by default) and answers it. */
  heard<Case extends Said["$case"]>(kind: Case, nth?: number): Promise<SaidOf<Case>>;
  /** Refuses every new stream with this, until told otherwise. */
  refuseWith(refusal: Refusal | undefined): void;
  /** Ends the listener and every stream at once; `start` listens on the same port again. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function openScriptedServer(heartbeatMs = 1_000): Promise<ScriptedServer> {
  const authority = await makeAuthority(new Date());
  const own = await makeServerIdentity(authority, ["127.0.0.1", "localhost"], new Date());
  const identity = { certificate: authority.certificate, fingerprint: "", chain: own.certificate, key: own.key };
  const said: Said[] = [];
  const artifacts = scriptArtifacts();
  const enrolments: EnrolRequest[] = [];
  let lostEnrolments = 0;
  let streams = 0;
  let refusal: Refusal | undefined;
  let send: ((body: Answer) => Promise<void>) | undefined;
  let listener: Listener | undefined;
  let port = 0;

  const edge: Edge = {
    authenticate: () =>
      refusal === undefined ? Promise.resolve({ kind: "endpoint", endpointId: "e-1" }) : Promise.reject(refusal),
    onDefect: (error) => {
      console.error("scripted server", error);
    },
  };
  const agent = implement(
    AgentServiceService,
    {
      enrol: (request) => {
        enrolments.push(request);
        if (enrolments.length <= lostEnrolments) {
          return Promise.reject(new Refusal("DRAINING"));
        }
        const key = `ppe_e-1_${"0".repeat(40)}`;
        return Promise.resolve({ endpointId: "e-1", name: request.name, pool: "lab", key });
      },
      connect: async (messages, context, write) => {
        streams++;
        let sequence = 0n;
        let heard = 0n;
        send = async (body) => write({ sequence: ++sequence, ackSequence: heard, body });
        for await (const message of messages) {
          heard = message.sequence;
          if (message.body !== undefined) {
            said.push(message.body);
          }
          if (message.body?.$case === "hello") {
            await send({ $case: "welcome", value: welcome(heartbeatMs) });
          }
          if (context.signal.aborted) {
            return;
          }
        }
      },
    },
    edge,
  );
  const start = async (): Promise<void> => {
    listener = await listen(makeServer([agent, artifacts.service(edge)]), `127.0.0.1:${String(port)}`, identity);
    port = listener.port;
  };
  await start();
  return {
    get address() {
      return `127.0.0.1:${String(port)}`;
    },
    ca: authority.certificate,
    said,
    files: artifacts.files,
    artifacts,
    enrolments,
    loseEnrolments: (count) => {
      lostEnrolments = enrolments.length + count;
    },
    streams: () => streams,
    say: async (body) => {
      await send?.(body);
    },
    heard: async <Case extends Said["$case"]>(kind: Case, nth = 1) => {
      const what = `${kind} number ${String(nth)} among ${said.map((one) => one.$case).join(" ")}`;
      const found = await eventually(what, () => said.filter((one) => one.$case === kind)[nth - 1], WAIT_MS);
      return found.value as SaidOf<Case>;
    },
    refuseWith: (next) => {
      refusal = next;
    },
    kill: async () => listener?.stop(),
    start,
    [Symbol.asyncDispose]: async () => listener?.stop(),
  };
}

/** Target revision 7 of the pool, in mode versions. */
export function targetOf(databases: SyncDatabase[]): TargetState {
  const view = { architecture: "x86_64", class: "", databases };
  const domainView = { ...view, databases: databases.map((one) => ({ ...one, size: Number(one.size) })) };
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  return {
    target: {
      poolId: "p-1",
      revision: 7n,
      mode: TargetMode.VERSIONS,
      view: { ...view, digest: viewDigest(domainView, sha256) },
      otherViews: [],
      pins: [],
      shared: [],
      packageSetDigest: "0".repeat(64),
      sourceEndpointId: "e-2",
      sourceEndpoint: "beta",
      author: "ada",
      message: "the good day",
      createdAt: new Date(),
      bad: false,
      restoresRevision: 0n,
    },
    packageSet: [],
    policy: undefined,
  };
}

function welcome(heartbeatMs: number): Extract<Answer, { $case: "welcome" }>["value"] {
  return {
    sessionEpoch: 1n,
    heartbeat: { seconds: BigInt(Math.floor(heartbeatMs / 1000)), nanos: (heartbeatMs % 1000) * 1_000_000 },
    endpointId: "e-1",
    name: "alpha",
    poolId: "p-1",
    pool: "lab",
    serverTime: new Date(),
  };
}
