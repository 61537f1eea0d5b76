// The pacman side of an agent on a root of its own, with the target of another root: plans and executes without server
// and session.
import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executeOperation } from "../../agent/executor.ts";
import { ALONE, type FileAccess } from "../../agent/files/file-source.ts";
import { openInstallationReader } from "../../agent/installation.ts";
import type { DeliveredTarget, ExecutionHooks, Outcome, PlanAnswer, Progress } from "../../agent/machine.ts";
import type { OperationResult } from "../../agent/orders/order-book.ts";
import { databaseFileOf, sha256Of } from "../../agent/pacman/sync-databases.ts";
import { computePlan } from "../../agent/planning/plan.ts";
import { recoverOperations } from "../../agent/recover.ts";
import { packageSetDigest } from "../../domain/package-set/canonical.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { Target } from "../../domain/target/target.ts";
import { viewDigest } from "../../domain/view/view.ts";
import type { PacmanRoot } from "./pacman-root.ts";

export interface TestEndpoint extends Disposable {
  readonly stateDir: string;
  plan(target: DeliveredTarget): Promise<PlanAnswer>;
  planRevert(): Promise<PlanAnswer>;
  /** What a person asks for when entries are torn. */
  planRepair(): Promise<PlanAnswer>;
  execute(plan: Plan, operationId?: string): Promise<Outcome>;
  /** What an agent does when it starts. */
  recover(): Promise<readonly OperationResult[]>;
  /** Plans and executes; throws when the plan is refused. */
  sync(target: DeliveredTarget): Promise<Outcome>;
  readonly progress: readonly Progress[];
}

/** An agent's pacman side on a root; its state folder is deleted on disposal. `onProgress` may act at a known moment. */
export function openEndpoint(
  root: PacmanRoot,
  onProgress: (progress: Progress) => void = () => undefined,
  access: FileAccess = ALONE,
): TestEndpoint {
  const stateDir = mkdtempSync(join(tmpdir(), "pacpool-state-"));
  const reader = openInstallationReader(root.configFile);
  const executor = { reader, stateDir, access };
  const progress: Progress[] = [];
  const hooks: ExecutionHooks = {
    cancelled: new AbortController().signal,
    stopped: new AbortController().signal,
    progress: (one) => {
      progress.push(one);
      onProgress(one);
    },
  };
  const plan = (delivered: DeliveredTarget | undefined, revert: boolean, repair = false): Promise<PlanAnswer> =>
    computePlan(
      { ...executor, endpointId: "endpoint" },
      { delivered, revert, repair, revertOperationId: undefined },
      new AbortController().signal,
    );
  const endpoint: TestEndpoint = {
    stateDir,
    progress,
    plan: (target) => plan(target, false),
    planRevert: () => plan(undefined, true),
    planRepair: () => plan(undefined, false, true),
    async execute({ digest }, operationId = randomUUID()) {
      const outcome = await executeOperation(executor, { operationId, fence: 1, planDigest: digest }, hooks);
      if (outcome === undefined) throw new Error("the operation was stopped");
      return outcome;
    },
    recover: () => recoverOperations(executor, hooks),
    async sync(target) {
      return endpoint.execute(planOf(await endpoint.plan(target)));
    },
    [Symbol.dispose]() {
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
  return endpoint;
}

/** The plan of an answer; throws with the refusal's words. */
export function planOf(answer: PlanAnswer): Plan {
  if (answer.kind === "plan") return answer.plan;
  const { reason, message, details } = answer.refusal;
  throw new Error(`${reason}: ${message}\n${details.join("\n")}`);
}

export interface TargetChoice {
  readonly mode?: "versions" | "mirror";
  readonly pins?: Readonly<Record<string, string>>;
  readonly shared?: readonly string[];
  readonly revision?: number;
}

/** A root's present moment as a target, its databases copied below the folder. */
export async function targetFrom(
  root: PacmanRoot,
  folder: string,
  choice: TargetChoice = {},
): Promise<DeliveredTarget> {
  const { own, local } = await openInstallationReader(root.configFile).read();
  mkdirSync(folder, { recursive: true });
  const databaseFile = (sha256: string): string => join(folder, `${sha256}.db`);
  for (const { repository, sha256 } of own.view.databases) {
    copyFileSync(databaseFileOf(root.dbPath, repository), databaseFile(sha256));
  }
  const mode = choice.mode ?? "versions";
  const target: Target = {
    revision: choice.revision ?? 1,
    mode,
    view: own.view,
    viewDigest: viewDigest(own.view, sha256Of),
    otherViews: [],
    pins: new Map(Object.entries(choice.pins ?? {})),
    shared: choice.shared ?? [],
    packageSetDigest: packageSetDigest(local.set, sha256Of),
    sourceEndpointId: "source",
    sourceEndpoint: "source",
    author: "a test",
    message: "",
    createdAtMs: 0,
    bad: false,
    restoresRevision: 0,
  };
  return { poolId: "pool", target, mirror: mode === "mirror" ? local.set : undefined, databaseFile };
}
