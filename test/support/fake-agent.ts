// An agent without a machine: it says what a test tells it to, over a real stream, and keeps what the server says.

import { packageSetDigest } from "../../domain/package-set/canonical.ts";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import { makePackageSet } from "../../domain/package-set/package-set.ts";
import type { View } from "../../domain/view/view.ts";
import { viewDigest } from "../../domain/view/view.ts";
import type {
  ConnectRequest,
  ConnectResponse,
  FilesWanted,
  Hello,
  MachineFacts,
  NotOffered,
  RepositoryServers,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { ArtifactHeader, ArtifactKind } from "../../proto/generated/pacpool/v1/artifact.ts";
import { encodePackage } from "../../rpc/codec/package-set.ts";
import { encodeView } from "../../rpc/codec/view.ts";
import type { Connection } from "../../rpc/connection.ts";
import { PROTOCOL_VERSION } from "../../rpc/protocol-version.ts";
import { BUILD_DATE, type SyncDatabase, sha256 } from "./sync-database.ts";

type Saying = NonNullable<ConnectRequest["body"]>;
type Heard = NonNullable<ConnectResponse["body"]>;
type HeardKind = Heard["$case"];
type ValueOf<Kind extends HeardKind> = Extract<Heard, { $case: Kind }>["value"];

/** What the fake machine has. */
export interface FakeMachine {
  readonly packages: readonly InstalledPackage[];
  readonly databases: readonly SyncDatabase[];
  readonly facts?: Partial<MachineFacts>;
  /** Where its pacman finds packages, by repository. */
  readonly servers?: Readonly<Record<string, readonly string[]>>;
  /** What its caches have; with them it answers FilesWanted by itself. */
  readonly cached?: readonly CachedFile[];
}

export interface CachedFile {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly bytes: Buffer;
  readonly signature?: Buffer;
}

const WAIT_MS = 10_000;

export function installed(name: string, version: string, more: Partial<InstalledPackage> = {}): InstalledPackage {
  return { name, version, architecture: "x86_64", buildDate: BUILD_DATE, reason: "explicit", ...more };
}

export function digestOf(packages: readonly InstalledPackage[]): string {
  return packageSetDigest(makePackageSet(packages), sha256);
}

export function viewOf(databases: readonly SyncDatabase[]): View {
  return {
    architecture: "x86_64",
    class: "",
    databases: databases.map(({ repository, sha256: digest, bytes }) => ({
      repository,
      sha256: digest,
      size: bytes.length,
    })),
  };
}

export class FakeAgent implements AsyncDisposable {
  readonly heard: ConnectResponse[] = [];
  /** How the stream ended: undefined for an orderly end, else the error. Resolves in any case. */
  readonly ended: Promise<unknown>;
  machine: FakeMachine;
  readonly #connection: Connection;
  readonly #stream: ReturnType<Connection["agent"]["connect"]>;
  readonly #taken = new Set<ConnectResponse>();
  #sequence = 0n;
  #wake: () => void = () => undefined;
  #isOver = false;

  constructor(connection: Connection, machine: FakeMachine) {
    this.#connection = connection;
    this.machine = machine;
    this.#stream = connection.agent.connect();
    this.ended = this.#listen();
  }

  async #listen(): Promise<unknown> {
    try {
      for await (const message of this.#stream) {
        this.heard.push(message);
        this.#wake();
        if (message.body?.$case === "filesWanted" && this.machine.cached !== undefined) {
          await this.giveFiles(message.body.value, this.machine.cached);
        }
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.#isOver = true;
      this.#wake();
    }
  }

  async hello(more: Partial<Hello> = {}): Promise<ValueOf<"welcome">> {
    await this.say({ $case: "hello", value: this.helloMessage(more) });
    return this.next("welcome");
  }

  helloMessage(more: Partial<Hello> = {}): Hello {
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentVersion: "0.0.0-fake",
      bootId: "boot",
      instance: "instance",
      stateDigest: digestOf(this.machine.packages),
      viewDigest: viewDigest(viewOf(this.machine.databases), sha256),
      targetRevision: 0n,
      lastCommandSequence: 0n,
      running: [],
      unacknowledgedResults: 0,
      facts: this.facts(),
      policyDigest: this.#policyDigest(),
      ...more,
    };
  }

  /** As the newest target said that was heard. */
  #policyDigest(): string {
    const last = this.heard.findLast(({ body }) => body?.$case === "targetState")?.body;
    return last?.$case === "targetState" ? (last.value.policy?.digest ?? "") : "";
  }

  facts(): MachineFacts {
    return {
      held: [],
      apply: "ask",
      root: "/",
      rebootRequired: false,
      healthProblems: [],
      inbox: [],
      ...this.machine.facts,
    };
  }

  /** Hello, then everything that the server asks for: the endpoint has a whole report and view afterwards. */
  async settle(more: Partial<Hello> = {}): Promise<void> {
    await this.hello(more);
    await this.reportView();
    await this.reportAll();
  }

  async reportAll(): Promise<void> {
    const upserts = this.machine.packages.map(encodePackage);
    const digest = digestOf(this.machine.packages);
    await this.say({
      $case: "stateReport",
      value: {
        reportId: `full-${String(this.#sequence)}`,
        baseDigest: "",
        digest,
        upserts,
        removed: [],
        chunk: 0,
        chunks: 1,
        facts: this.facts(),
      },
    });
  }

  servers(): RepositoryServers[] {
    const entries = Object.entries(this.machine.servers ?? {});
    return entries.map(([repository, servers]) => ({ repository, servers: [...servers] }));
  }

  /** Uploads first, so that no RequestView follows. */
  async reportView(): Promise<void> {
    for (const database of this.machine.databases) {
      await this.upload(database);
    }
    const view = viewOf(this.machine.databases);
    await this.say({
      $case: "viewReport",
      value: { view: encodeView(view, viewDigest(view, sha256)), servers: this.servers() },
    });
  }

  async upload(database: SyncDatabase): Promise<void> {
    const { sha256: digest, bytes } = database;
    await this.uploadFile({ sha256: digest, kind: ArtifactKind.SYNC_DATABASE }, bytes);
  }

  /** In one chunk unless told otherwise, with the size of the bytes unless the header has another. */
  async uploadFile(header: Partial<ArtifactHeader>, bytes: Buffer, chunkBytes: number = bytes.length): Promise<void> {
    const whole = ArtifactHeader.fromPartial({ size: BigInt(bytes.length), ...header });
    async function* parts() {
      yield { part: { $case: "header" as const, value: whole } };
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield { part: { $case: "chunk" as const, value: bytes.subarray(at, at + chunkBytes) } };
      }
    }
    await this.#connection.artifacts.upload(parts(), { timeoutMs: WAIT_MS });
  }

  /** Uploads what is wanted and there, then says so. */
  async giveFiles({ requestId, files }: FilesWanted, cached: readonly CachedFile[]): Promise<void> {
    const uploadedSha256: string[] = [];
    const notOffered: NotOffered[] = [];
    for (const { name, version } of files) {
      const file = cached.find((one) => one.name === name && one.version === version);
      if (file === undefined || file.signature === undefined) {
        notOffered.push({ name, version, why: file === undefined ? "absent" : "unsigned" });
        continue;
      }
      const { filename, bytes, signature } = file;
      const digest = sha256(bytes);
      await this.uploadFile({ sha256: digest, kind: ArtifactKind.PACKAGE, filename, signature }, bytes).then(
        () => uploadedSha256.push(digest),
        () => notOffered.push({ name, version, why: "failed" }),
      );
    }
    await this.say({ $case: "filesDone", value: { requestId, uploadedSha256, notOffered } });
  }

  async say(saying: Saying, sequence?: bigint): Promise<void> {
    this.#sequence = sequence ?? this.#sequence + 1n;
    await this.#stream.write({ sequence: this.#sequence, body: saying });
  }

  async heartbeat(targetRevision = 0n): Promise<void> {
    const { stateDigest, viewDigest: view, policyDigest } = this.helloMessage();
    await this.say({ $case: "heartbeat", value: { stateDigest, viewDigest: view, targetRevision, policyDigest } });
  }

  /** The first message of that kind that no call took before. */
  async next<Kind extends HeardKind>(kind: Kind): Promise<ValueOf<Kind>> {
    const endMs = performance.now() + WAIT_MS;
    for (;;) {
      const found = this.heard.find((message) => message.body?.$case === kind && !this.#taken.has(message));
      if (found !== undefined) {
        this.#taken.add(found);
        return found.body?.value as ValueOf<Kind>;
      }
      if (this.#isOver || performance.now() > endMs) {
        const heard = this.heard.map(({ body }) => body?.$case).join(", ");
        throw new Error(`the server did not say ${kind}; it said: ${heard}`, {
          cause: this.#isOver ? await this.ended : undefined,
        });
      }
      await this.#somethingHappens(endMs - performance.now());
    }
  }

  #somethingHappens(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, timeoutMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Without a word, as a broken network does. */
  cut(): void {
    this.#stream.cancel();
  }

  async leave(reason = "test"): Promise<void> {
    await this.say({ $case: "goodbye", value: { reason } });
    this.#stream.end();
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await this.ended;
  }
}
