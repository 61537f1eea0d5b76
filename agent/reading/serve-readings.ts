// The reading process's side: answers calls with a real machine until its agent is gone. Must not know who asks.

import type { Machine } from "../machine.ts";
import { type OpenMachineOptions, openMachine } from "../open-machine.ts";
import { openAskedStore } from "./asked-store.ts";
import { type Call, type FromReader, fromPlainTarget, type ToReader, toPlainError } from "./reading-calls.ts";

/** Takes over this process: it ends when the channel to its parent does. */
export function serveReadings(process: NodeJS.Process): void {
  const running = new Map<number, AbortController>();
  let options: OpenMachineOptions | undefined;
  let machine: Promise<Machine> | undefined;
  const { store, answered } = openAskedStore((id, question) => {
    process.send?.({ kind: "ask-store", id, question } satisfies FromReader);
  });
  const answer = async (id: number, call: Call, givenUp: AbortSignal): Promise<FromReader> => {
    try {
      if (options === undefined) {
        throw new Error("the machine was not opened");
      }
      machine ??= openMachine(options, store);
      return { kind: "answer", id, value: await perform(await machine, call, givenUp) };
    } catch (error) {
      return { kind: "error", id, error: toPlainError(error) };
    }
  };
  process.once("disconnect", () => {
    process.exit(0);
  });
  process.on("message", (message: ToReader) => {
    switch (message.kind) {
      case "open":
        options = message.options;
        return;
      case "stored":
        answered(message.id, message.answer);
        return;
      case "give-up":
        running.get(message.id)?.abort();
        return;
      case "call": {
        const { id, call } = message;
        const controller = new AbortController();
        running.set(id, controller);
        void answer(id, call, controller.signal).then((said) => {
          running.delete(id);
          // An agent that was killed hears nothing any more.
          process.send?.(said, () => undefined);
        });
      }
    }
  });
}

function perform(machine: Machine, call: Call, givenUp: AbortSignal): Promise<unknown> {
  switch (call.kind) {
    case "read":
      return machine.read();
    case "drift":
      return machine.drift(call.state, fromPlainTarget(call.delivered));
    case "find-offers":
      return machine.findOffers(call.wanted);
    case "plan": {
      const { revert, revertOperationId, update = false, repair = false } = call;
      const delivered = call.delivered === undefined ? undefined : fromPlainTarget(call.delivered);
      return machine.plan({ delivered, revert, revertOperationId, update, repair }, givenUp);
    }
  }
}
