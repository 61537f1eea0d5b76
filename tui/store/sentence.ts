// An error in a sentence for the person at the screen: what happened and what to do next.
import { Refusal } from "../../domain/refusal.ts";
import { refusalSentence } from "../../rpc/errors.ts";
import { RpcFailure } from "../../rpc/failure.ts";
import { cleanText } from "../clean.ts";

export function sentenceOf(error: unknown): string {
  return cleanText(sentence(error));
}

function sentence(error: unknown): string {
  if (error instanceof Refusal) return refusalSentence(error);
  if (error instanceof RpcFailure) {
    switch (error.statusName) {
      case "UNAVAILABLE":
        return "the server cannot be reached; try again when it is back";
      case "DEADLINE_EXCEEDED":
        return "there was no answer in time; it may still happen, so look before trying again";
      case "UNIMPLEMENTED":
        return "this server is older than this pacpool and cannot do that; bring both to the same version";
      default:
        return `the server failed (${error.statusName}: ${error.message}); its log says more`;
    }
  }
  return error instanceof Error ? error.message : String(error);
}

/** The server knows us not, or not well enough: trying again by itself would not help. */
export function isForPerson(error: unknown): boolean {
  if (error instanceof Refusal) {
    return ["UNAUTHENTICATED", "WRONG_KEY", "PERMISSION_DENIED"].includes(error.reason);
  }
  return error instanceof RpcFailure && ["UNAUTHENTICATED", "PERMISSION_DENIED"].includes(error.statusName);
}
