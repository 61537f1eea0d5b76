// Who works on this machine when the server does not: its agent, asked over the socket, or this very process when no agent
// lives. Both have the same planner, executor and journal. Must not know what a verb wants with them.
import type { Moment } from "../../agent/moments.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { EXIT } from "../exit-code.ts";
import { VerbFailure } from "../usage-error.ts";

/** What is to be planned. */
export type HandQuestion =
  /** The way back from the newest operation, or from the named one. */
  | { readonly kind: "revert"; readonly operationId?: string }
  /** To the newest of the machine's own repositories. */
  | { readonly kind: "update" }
  /** Torn entries again as they were. */
  | { readonly kind: "repair" };

export interface OwnHand extends AsyncDisposable {
  /** The machine's name, for people. */
  readonly name: string;
  /** What an earlier run left and what became of it now. */
  readonly left: readonly OperationView[];
  readonly moments: () => Promise<readonly Moment[]>;
  /** Throws VerbFailure 4 with the refusal. */
  readonly plan: (question: HandQuestion) => Promise<Plan>;
  /** What waits for a person on the machine, a sentence each: a reboot, services, .pacnew files. */
  readonly waiting: () => Promise<readonly string[]>;
  /** Runs a plan of this hand to its end. */
  readonly run: (plan: Plan, show: (operation: OperationView) => void) => Promise<OperationView>;
}

/** No agent has ever worked here, so there is nothing that could be done without a server. */
export function nothingHere(stateDir: string): VerbFailure {
  return new VerbFailure(EXIT.refused, `no agent of pacpool has worked on this machine (${stateDir} is not there)`, {
    advice: "Name a server and an endpoint, or a mounted system with --root.",
  });
}
