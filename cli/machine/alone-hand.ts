// This process does it, because no agent lives: on this machine or on a system that is mounted below a folder. pacman runs
// in a session of its own, so that the end of the terminal does not end it; the next run, or the agent, finishes then.
import { existsSync } from "node:fs";
import type { AloneAim } from "../../agent/alone/aim-alone.ts";
import type { ExecutionHooks, PlanQuestion } from "../../agent/machine.ts";
import { EXIT } from "../exit-code.ts";
import { VerbFailure } from "../usage-error.ts";
import type { Context } from "../verb.ts";
import { viewOfPlan, viewOfResult, withProgress, withResult } from "./local-operation.ts";
import { type HandQuestion, nothingHere, type OwnHand } from "./own-hand.ts";

/** `isLooking`: nothing may change, not even what an earlier run left. */
export async function openAloneHand(context: Context, aim: AloneAim, isLooking: boolean): Promise<OwnHand> {
  const { config } = aim;
  const { rightsProblem } = await import("../../agent/alone/aim-alone.ts");
  const problem = await rightsProblem(aim);
  if (problem !== undefined) {
    const advice = "Run it again as root (sudo), or start the agent: systemctl start pacpool-agent.";
    throw new VerbFailure(EXIT.permission, problem, { advice });
  }
  if (!existsSync(config.stateDir)) throw nothingHere(config.stateDir);
  await warnForHooks(context, aim);
  const machine = await openLocked(aim);
  const { name } = machine;
  let show: (progress: Parameters<ExecutionHooks["progress"]>[0]) => void = () => undefined;
  const hooks = hooksFor(context, (progress) => {
    show(progress);
  });
  const results = isLooking ? [] : await machine.recover(hooks);
  return {
    name,
    left: results.flatMap((result) => viewOfResult(result, name) ?? []),
    moments: async () => {
      const { readMoments } = await import("../../agent/moments.ts");
      return await readMoments(config);
    },
    plan: async (asked) => {
      const answer = await machine.plan(questionFor(asked), context.signal);
      if (answer.kind === "plan") return answer.plan;
      const { message, details } = answer.refusal;
      throw new VerbFailure(EXIT.refused, [message, ...details.map((detail) => `  ${detail}`)].join("\n"));
    },
    waiting: async () => (await machine.waiting()).map(({ what }) => what),
    run: async (plan, onMove) => {
      const { newOperationId } = await import("../../agent/alone/open-alone.ts");
      const begun = viewOfPlan(plan, newOperationId(), name);
      let view = begun;
      show = (progress) => {
        view = withProgress(begun, progress);
        onMove(view);
      };
      const result = await machine.run(plan, begun.id, hooks);
      // Only an agent that stops gives up a living pacman; this process waits for it.
      if (result === undefined) throw new Error("the operation was given up before its end");
      const ended = withResult(view, result);
      onMove(ended);
      return ended;
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

function questionFor(asked: HandQuestion): Omit<PlanQuestion, "delivered"> {
  switch (asked.kind) {
    case "update":
      return { revert: false, revertOperationId: undefined, update: true };
    case "repair":
      return { revert: false, revertOperationId: undefined, repair: true };
    case "revert":
      return { revert: true, revertOperationId: asked.operationId };
  }
}

/** Packages are installed all the same; what their hooks could not do makes the outcome degraded. */
async function warnForHooks({ terminal }: Context, { mountedAt }: AloneAim): Promise<void> {
  if (mountedAt === undefined) return;
  const { missingForHooks } = await import("../../agent/alone/mounted-parts.ts");
  const missing = missingForHooks(mountedAt);
  if (missing.length === 0) return;
  terminal.note(
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not mounted below ${mountedAt}: hooks that build an initramfs or modules may fail. \`mount --rbind\` the host's there first.`,
  );
}

async function openLocked(aim: AloneAim) {
  const { openAlone } = await import("../../agent/alone/open-alone.ts");
  return await openAlone(aim).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== "StateInUseError") throw error;
    throw new VerbFailure(EXIT.refused, `${error.message.split(";")[0] ?? error.message}, but does not answer`, {
      advice: "Stop it (systemctl stop pacpool-agent) and try again; two must not change one machine.",
      cause: error,
    });
  });
}

/** Ctrl-C cancels until pacman begins; after that the operation is brought to its end. */
function hooksFor({ signal, terminal }: Context, progress: ExecutionHooks["progress"]): ExecutionHooks {
  let isChanging = false;
  signal.addEventListener("abort", () => {
    if (!isChanging) return;
    terminal.note(
      "pacman is changing packages and is not stopped half-way; a second Ctrl-C leaves it alone, and the next `pacpool revert` finishes.",
    );
  });
  return {
    cancelled: signal,
    stopped: new AbortController().signal,
    progress: (one) => {
      isChanging = one.step === "transaction" || one.step === "keyring";
      progress(one);
    },
  };
}
