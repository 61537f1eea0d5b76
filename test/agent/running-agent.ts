// A real agent in this process on a real pacman root, enrolled at whatever server a test has.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { loadAgentConfig } from "../../agent/config.ts";
import { saveIdentity } from "../../agent/identity.ts";
import { askAgent } from "../../agent/local/ask-agent.ts";
import type { Question } from "../../agent/local/protocol.ts";
import { runAgent } from "../../agent/main.ts";
import type { Target } from "../../proto/generated/pacpool/v1/target.ts";
import { eventually } from "../support/eventually.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";
import { type ScriptedServer, targetOf } from "./scripted-server.ts";

export interface TestMachine extends AsyncDisposable {
  readonly root: PacmanRoot;
  readonly core: Repository;
  readonly stateDir: string;
}

const PACKAGES: readonly PackageRecipe[] = [
  { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
  { name: "libfoo", version: "1.0-1" },
  { name: "tool", version: "1.0-1", depends: ["libfoo"] },
  { name: "extra", version: "3.0-1" },
];

/** A root with `base` and what it depends on, from one repository that also has `extra`. */
export async function openTestMachine(settings: readonly string[] = []): Promise<TestMachine> {
  const folder = mkdtempSync(join(tmpdir(), "pacpool-agent-"));
  const core = await openRepository({ directory: join(folder, "core"), name: "core", packages: PACKAGES });
  const root = await openPacmanRoot({ repositories: [core], installed: ["base"], settings });
  return {
    root,
    core,
    stateDir: join(folder, "state"),
    [Symbol.asyncDispose]: async () => {
      await root[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface RunningAgent extends AsyncDisposable {
  readonly runDir: string;
  /** What it logged, as objects. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Resolves when it has ended; rejects with what ended it. */
  readonly ended: Promise<void>;
  ask(question: Question): ReturnType<typeof askAgent>;
  /** What SIGTERM does. */
  stop(): Promise<void>;
}

export interface ServerPlace {
  readonly address: string;
  readonly ca: string;
}

/** Starts an agent as an endpoint called alpha in pool lab. */
export async function startAgent(machine: TestMachine, server: ServerPlace, more: object = {}): Promise<RunningAgent> {
  const identity = { endpointId: "e-1", name: "alpha", pool: "lab", key: `ppe_e-1_${"0".repeat(40)}` };
  await saveIdentity(machine.stateDir, { ...identity, server: server.address, ca: server.ca });
  const agent = startEnrolledAgent(machine, more);
  // An agent that cannot start says why at once, instead of every wait of the test running out.
  const started = eventually("the agent's start", () => agent.log.find(({ msg }) => msg === "agent started"), 30_000);
  await Promise.race([started, agent.ended]);
  return agent;
}

/** Starts an agent with the identity that its state folder has. */
export function startEnrolledAgent(machine: TestMachine, more: object = {}): RunningAgent {
  const surroundings = { userId: process.getuid?.() ?? 0, home: "/nonexistent", environment: {} };
  const { configFile: pacmanConfig } = machine.root;
  const config = { ...loadAgentConfig({ stateDir: machine.stateDir, pacmanConfig }, surroundings), ...more };
  const controller = new AbortController();
  const log: Record<string, unknown>[] = [];
  const sink = { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) };
  const ended = runAgent({ config, version: "test", signal: controller.signal, log: pino({ level: "debug" }, sink) });
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    controller.abort();
    await ended;
  };
  return {
    runDir: config.runDir,
    log,
    ended,
    ask: (question) => askAgent(config.runDir, question),
    stop,
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await ended.catch(() => undefined);
    },
  };
}

/** What the machine's repository has now becomes target revision 7; the machine itself is not refreshed. */
export async function deliverDatabase(
  { core }: TestMachine,
  server: ScriptedServer,
  more: Partial<Target> = {},
): Promise<void> {
  const bytes = readFileSync(join(core.directory, "core.db"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  server.files.set(sha256, bytes);
  await server.heard("hello");
  const state = targetOf([{ repository: "core", sha256, size: BigInt(bytes.length) }]);
  const target = state.target === undefined ? undefined : { ...state.target, ...more };
  await server.say({ $case: "targetState", value: { ...state, target } });
  const status = await server.heard("targetStatus");
  if (!status.accepted) {
    throw new Error(`the target was not taken: ${status.error}`);
  }
}

/** The repository moves on; what it then has becomes target revision 7. The machine itself is not refreshed. */
export async function deliverNewerTarget(machine: TestMachine, server: ScriptedServer): Promise<void> {
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.1-1", depends: ["libfoo"] },
  ]);
  await deliverDatabase(machine, server);
}

export function askForPlan(server: ScriptedServer, requestId: string, targetRevision = 7n): Promise<void> {
  return server.say({
    $case: "planRequest",
    value: { requestId, targetRevision, revert: false, repair: false, revertOperationId: "", policy: undefined },
  });
}
