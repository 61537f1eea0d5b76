// A process that reads and plans for the agent and ends when it is idle. A distribution's databases take a hundred
// megabytes and half a second: the memory goes with the process, and heartbeats never wait for a parser. What changes the
// machine stays in the agent itself.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Drift } from "../../domain/drift/drift.ts";
import type { FileStore } from "../files/file-store.ts";
import type { Offer } from "../files/offer-files.ts";
import type { Machine, MachineState, PlanAnswer } from "../machine.ts";
import { type OpenMachineOptions, openMachine } from "../open-machine.ts";
import { answerStoreQuestion } from "./asked-store.ts";
import { type Call, type FromReader, fromPlainError, type ToReader, toPlainTarget } from "./reading-calls.ts";
import { serveReadings } from "./serve-readings.ts";

/** A change of packages is followed by a report, a status and often a plan within moments. */
const IDLE_MS = 5_000;

const VARIABLE = "PACPOOL_READING_PROCESS";

/** Where the agent is one file, readings are another one beside it; tools/build.ts says so. */
declare const pacpoolReadingFile: string;
const PROGRAM = fileURLToPath(
  typeof pacpoolReadingFile === "string" ? new URL(pacpoolReadingFile, import.meta.url) : import.meta.url,
);
const ORIGINAL = traceOf(PROGRAM);

/**
 * True once a transaction has replaced or removed the program that runs here, and Node with it perhaps: another version must
 * not be started to answer this one. The agent then reads by itself until its unit starts it anew.
 */
function isReplaced(): boolean {
  return traceOf(PROGRAM) !== ORIGINAL || !existsSync(process.execPath);
}

function traceOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "" : `${String(found.ino)} ${String(found.mtimeMs)} ${String(found.size)}`;
}

/** The machine of openMachine with reading, drift and plans in the other process. Dispose it to end that. */
export async function openFrugalMachine(
  options: OpenMachineOptions,
  store: FileStore,
): Promise<Machine & AsyncDisposable> {
  const reader = new Reader(options, store);
  const here = await openMachine(options, store);
  return {
    ...here,
    read: () => (isReplaced() ? here.read() : reader.call<MachineState>({ kind: "read" })),
    drift: (state, delivered) =>
      isReplaced()
        ? here.drift(state, delivered)
        : reader.call<Drift>({ kind: "drift", state, delivered: toPlainTarget(delivered) }),
    plan: (question, signal) => {
      if (isReplaced()) return here.plan(question, signal);
      const { delivered, ...rest } = question;
      const plain = delivered === undefined ? undefined : toPlainTarget(delivered);
      return reader.call<PlanAnswer>({ kind: "plan", ...rest, delivered: plain }, signal);
    },
    findOffers: (wanted) =>
      isReplaced() ? here.findOffers(wanted) : reader.call<readonly Offer[]>({ kind: "find-offers", wanted }),
    [Symbol.asyncDispose]: () => {
      reader.end();
      return Promise.resolve();
    },
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

class Reader {
  readonly #options: OpenMachineOptions;
  readonly #store: FileStore;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #calls = 0;

  constructor(options: OpenMachineOptions, store: FileStore) {
    this.#options = options;
    this.#store = store;
  }

  async call<Result>(call: Call, signal?: AbortSignal): Promise<Result> {
    clearTimeout(this.#idle);
    const process = (this.#process ??= this.#start());
    const id = ++this.#calls;
    const giveUp = (): void => {
      send(process, { kind: "give-up", id });
    };
    try {
      return await new Promise<Result>((resolve, reject) => {
        this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        send(process, { kind: "call", id, call });
        signal?.addEventListener("abort", giveUp, { once: true });
      });
    } finally {
      signal?.removeEventListener("abort", giveUp);
      this.#waiting.delete(id);
      this.#rest();
    }
  }

  end(): void {
    clearTimeout(this.#idle);
    const process = this.#process;
    this.#process = undefined;
    if (process?.connected === true) {
      process.disconnect();
    }
    this.#failAll(new Error("the agent stops reading"));
  }

  #start(): ChildProcess {
    const child = fork(PROGRAM, [], {
      env: { ...process.env, [VARIABLE]: "1" },
      execArgv: [],
      // Maps and typed arrays travel as they are.
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const fail = (error: unknown): void => {
      if (this.#process === child) {
        this.#process = undefined;
        this.#failAll(error);
      }
    };
    child.on("error", fail);
    child.on("exit", (code, signal) => {
      fail(new Error(`the process that reads packages ended with ${String(code ?? signal)}`));
    });
    const gone = new AbortController();
    child.on("exit", () => {
      gone.abort();
    });
    child.on("message", (message: FromReader) => {
      if (message.kind === "ask-store") {
        void answerStoreQuestion(this.#store, message.question, gone.signal).then((answer) => {
          send(child, { kind: "stored", id: message.id, answer });
        });
        return;
      }
      const waiting = this.#waiting.get(message.id);
      if (message.kind === "answer") {
        waiting?.resolve(message.value);
      } else {
        waiting?.reject(fromPlainError(message.error));
      }
    });
    send(child, { kind: "open", options: this.#options });
    return child;
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) {
      reject(error);
    }
  }

  #rest(): void {
    if (this.#waiting.size === 0 && this.#process !== undefined) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => {
        this.end();
        collectGarbage();
      }, IDLE_MS).unref();
    }
  }
}

/** A process that is gone is noticed by its exit; what could not be sent fails with that. */
function send(process: ChildProcess, message: ToReader): void {
  process.send(message, () => undefined);
}

/** V8 collects when it allocates, and an idle agent does not: without this its pages would stay for days. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") {
    collect();
  }
}

// This file is started again, and serves then.
if (process.env[VARIABLE] === "1" && process.send !== undefined && process.argv[1] === PROGRAM) {
  serveReadings(process);
}
