// What travels between the agent and its reading process: plain values only. Types, and what turns errors and targets into
// such values and back.
import { Refusal, type RefusalReason } from "../../domain/refusal.ts";
import type { WantedFile } from "../files/offer-files.ts";
import type { DeliveredTarget, MachineState } from "../machine.ts";
import type { OpenMachineOptions } from "../open-machine.ts";
import type { StoreAnswer, StoreQuestion } from "./asked-store.ts";

/** A delivered target whose files are named instead of asked for. */
export interface PlainTarget extends Omit<DeliveredTarget, "databaseFile"> {
  readonly files: ReadonlyMap<string, string>;
}

export type Call =
  | { readonly kind: "read" }
  | { readonly kind: "drift"; readonly state: MachineState; readonly delivered: PlainTarget }
  | { readonly kind: "find-offers"; readonly wanted: readonly WantedFile[] }
  | {
      readonly kind: "plan";
      readonly delivered: PlainTarget | undefined;
      readonly revert: boolean;
      readonly update?: boolean;
      readonly repair?: boolean;
      readonly revertOperationId: string | undefined;
    };

/** `give-up`: nobody waits for that answer any more. `open` comes first and once. */
export type ToReader =
  | { readonly kind: "stored"; readonly id: number; readonly answer: StoreAnswer }
  | { readonly kind: "open"; readonly options: OpenMachineOptions }
  | { readonly kind: "call"; readonly id: number; readonly call: Call }
  | { readonly kind: "give-up"; readonly id: number };

export type PlainError =
  | { readonly kind: "refusal"; readonly reason: RefusalReason; readonly metadata: Readonly<Record<string, string>> }
  | { readonly kind: "failure"; readonly message: string; readonly stack: string };

/** `ask-store` has ids of its own; it is answered with `stored`. */
export type FromReader =
  | { readonly kind: "ask-store"; readonly id: number; readonly question: StoreQuestion }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: PlainError };

export function toPlainTarget({ databaseFile, ...rest }: DeliveredTarget): PlainTarget {
  const files = rest.target.view.databases.map(({ sha256 }) => [sha256, databaseFile(sha256)] as const);
  return { ...rest, files: new Map(files) };
}

export function fromPlainTarget({ files, ...rest }: PlainTarget): DeliveredTarget {
  return {
    ...rest,
    databaseFile: (sha256) => {
      const file = files.get(sha256);
      if (file === undefined) {
        throw new Error(`the target has no database ${sha256}`);
      }
      return file;
    },
  };
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof Refusal) {
    return { kind: "refusal", reason: error.reason, metadata: error.metadata };
  }
  const message = error instanceof Error ? messageWithCauses(error) : String(error);
  return { kind: "failure", message, stack: error instanceof Error ? (error.stack ?? "") : "" };
}

export function fromPlainError(plain: PlainError): Error {
  if (plain.kind === "refusal") {
    return new Refusal(plain.reason, plain.metadata);
  }
  const error = new Error(plain.message);
  error.stack = plain.stack;
  return error;
}

function messageWithCauses(error: Error): string {
  const { message, cause } = error;
  return cause instanceof Error ? `${message}: ${messageWithCauses(cause)}` : message;
}
