// Carries a confirmed deed out and says what came of it. Repeats it with the same idempotency key when the line broke, so
// that it happens once.
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../domain/refusal.ts";
import { fullJitter, isRetryable } from "../../rpc/retry.ts";
import type { Deed } from "./deed.ts";
import { isPolicyDeed, policyDoneWords } from "./policy-deeds.ts";
import { sentenceOf } from "./sentence.ts";
import type { Server } from "./server.ts";
import { TOAST_MS, type Toast } from "./state.ts";
import type { Store } from "./store.ts";

export interface DeedOptions {
  readonly server: Server;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
  readonly newKey: () => string;
}

const MAX_TRIES = 3;

/** Never throws: what went wrong becomes a sentence on the screen. */
export async function performDeed(deed: Deed, options: DeedOptions): Promise<void> {
  const { store, signal } = options;
  try {
    const operation = await performOnce(deed, options);
    store.together(() => {
      store.dispatch({ kind: "doing-changed", doing: undefined });
      // What was read of rules and conflicts is from before.
      if (isPolicyDeed(deed)) store.dispatch({ kind: "plan-asked" });
      if (operation === undefined) {
        say(options, "good", doneWords(deed));
      } else {
        const route = { kind: "operation", operationId: operation.id } as const;
        store.dispatch({ kind: deed.kind === "start-operation" ? "replaced" : "opened", route });
      }
    });
  } catch (error) {
    if (signal.aborted) return;
    store.together(() => {
      store.dispatch({ kind: "doing-changed", doing: undefined });
      offerPins(deed, error, options);
      say(options, "danger", sentenceOf(error));
    });
  }
}

/** Opens the newest operation of an endpoint. */
export async function findOperation(endpointId: string, options: DeedOptions): Promise<void> {
  const { server, store, signal } = options;
  try {
    const operation = await server.lastOperation(endpointId, signal);
    if (operation === undefined) say(options, "notice", "no operation has run on this endpoint yet");
    else store.dispatch({ kind: "opened", route: { kind: "operation", operationId: operation.id } });
  } catch (error) {
    if (!signal.aborted) say(options, "danger", sentenceOf(error));
  }
}

/** Repeats a call whose line broke; the same key makes it happen once. Throws what is not worth repeating. */
export async function performOnce(deed: Deed, { server, signal, random, newKey }: DeedOptions) {
  const key = newKey();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await server.perform(deed, key, signal);
    } catch (error) {
      if (attempt + 1 >= MAX_TRIES || !isRetryable(error)) throw error;
      await sleep(fullJitter(attempt, random), undefined, { signal });
    }
  }
}

/** A source with versions of its own can still become the target, by choice: the same deed with pins is offered. */
function offerPins(deed: Deed, error: unknown, { store }: DeedOptions): void {
  const isPartial = error instanceof Refusal && error.reason === "SOURCE_PARTIALLY_UPGRADED";
  if (!isPartial || deed.kind !== "set-latest" || deed.pinsAll) return;
  store.dispatch({ kind: "dialog-changed", dialog: { kind: "confirm", deed: { ...deed, pinsAll: true } } });
}

export function say(options: Pick<DeedOptions, "store" | "now">, tone: Toast["tone"], text: string): void {
  options.store.dispatch({ kind: "toasted", toast: { tone, text, untilMs: options.now() + TOAST_MS } });
}

function doneWords(deed: Deed): string {
  switch (deed.kind) {
    case "set-latest":
      return `${deed.endpoint} is now target ${deed.seenRevision + 1} of ${deed.pool}; s on another endpoint moves it there`;
    case "restore-target":
      return `${deed.pool} is back at target ${deed.revision}; target ${deed.currentRevision} is marked bad`;
    case "resolve-conflicts":
    case "add-rule":
    case "remove-rule":
      return policyDoneWords(deed);
    case "start-operation":
    case "approve":
    case "cancel":
    case "repair":
    case "update":
    case "start-many":
      return "done";
  }
}
