// The person's session bus: a connection that calls, listens and owns names. Only what a program that notifies needs of
// D-Bus; must not know notifications.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type BusMessage, decodeMessage, encodeMessage } from "./dbus-message.ts";
import type { BusValue } from "./dbus-wire.ts";

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly BusValue[];
}

export interface SessionBus extends Disposable {
  /** The reply's values. Rejects with BusError when the other end says no, or nothing in time. */
  call(one: BusCall): Promise<readonly BusValue[]>;
  /** Signals that a rule of the bus matches, and those that are sent to us alone. */
  listen(rule: string, listener: (signal: BusMessage) => void): Promise<void>;
  /** Whether the name is ours now: one process of a session can have it. */
  own(name: string): Promise<boolean>;
  /** Aborts when the bus is gone. */
  readonly closed: AbortSignal;
}

export class BusError extends Error {
  override readonly name = "BusError";
}

const BUS = { destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus" };
const CALL_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** DBUS_NAME_FLAG_DO_NOT_QUEUE, and the answer that says that the name is ours. */
const DO_NOT_QUEUE = 4;
const PRIMARY_OWNER = 1;

/** Undefined where there is no session bus. */
export async function openSessionBus(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SessionBus | undefined> {
  for (const path of socketPaths(environment)) {
    const socket = await tryConnect(path);
    if (socket === undefined) continue;
    try {
      return await startTalking(socket);
    } catch {
      socket.destroy();
    }
  }
  return undefined;
}

/** An address names several ways; only sockets of this machine are gone. */
function socketPaths(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const address = environment["DBUS_SESSION_BUS_ADDRESS"] ?? "";
  const runtime = environment["XDG_RUNTIME_DIR"] ?? "";
  const named = address.split(";").flatMap((one) => {
    const found = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(one);
    if (found === null) return [];
    const path = decodeURIComponent(found[2] ?? "");
    return [found[1] === "abstract" ? `\0${path}` : path];
  });
  const usual = address === "" && runtime !== "" ? [join(runtime, "bus")] : [];
  return [...named, ...usual].filter((path) => path.startsWith("\0") || existsSync(path));
}

async function tryConnect(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
    return socket;
  } catch {
    socket.destroy();
    return undefined;
  }
}

async function startTalking(socket: Socket): Promise<SessionBus> {
  // The bus asks the kernel who we are; the number is only a claim that it compares.
  const claim = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
  socket.write(`\0AUTH EXTERNAL ${claim}\r\n`);
  const [answer] = (await once(socket, "data", { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) })) as [Buffer];
  if (!answer.toString("latin1").startsWith("OK ")) throw new BusError("the session bus does not let us in");
  socket.write("BEGIN\r\n");
  const bus = new Talking(socket);
  await bus.call({ ...BUS, member: "Hello" });
  return bus;
}

interface Waiting {
  readonly resolve: (body: readonly BusValue[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class Talking implements SessionBus {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(signal: BusMessage) => void>();
  readonly #gone = new AbortController();
  #received: Buffer = Buffer.alloc(0);
  #serial = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#take(chunk);
    });
    socket.on("error", () => {
      socket.destroy();
    });
    socket.once("close", () => {
      this.#end();
    });
  }

  get closed(): AbortSignal {
    return this.#gone.signal;
  }

  call(one: BusCall): Promise<readonly BusValue[]> {
    const serial = this.#send({ kind: "call", ...one });
    return new Promise((resolve, reject) => {
      const what = `${one.interface}.${one.member}`;
      const timer = setTimeout(() => {
        this.#waiting.delete(serial);
        reject(new BusError(`${what}: no answer within ${String(CALL_TIMEOUT_MS / 1_000)} s`));
      }, CALL_TIMEOUT_MS);
      const rejectWith = (error: Error): void => {
        reject(new BusError(`${what}: ${error.message}`, { cause: error }));
      };
      this.#waiting.set(serial, { resolve, reject: rejectWith, timer });
      if (this.closed.aborted) this.#end();
    });
  }

  async listen(rule: string, listener: (signal: BusMessage) => void): Promise<void> {
    this.#listeners.add(listener);
    await this.call({ ...BUS, member: "AddMatch", signature: "s", body: [rule] });
  }

  async own(name: string): Promise<boolean> {
    const [answer] = await this.call({ ...BUS, member: "RequestName", signature: "su", body: [name, DO_NOT_QUEUE] });
    return answer === PRIMARY_OWNER;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
    this.#end();
  }

  #send(message: Omit<BusMessage, "serial">): number {
    this.#serial += 1;
    this.#socket.write(encodeMessage({ ...message, serial: this.#serial }));
    return this.#serial;
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      for (let found = decodeMessage(this.#received); found !== undefined; found = decodeMessage(this.#received)) {
        this.#received = this.#received.subarray(found.length);
        this.#hear(found.message);
      }
    } catch {
      // Behind bytes that are not understood nothing can be either.
      this.#socket.destroy();
    }
  }

  #hear(message: BusMessage): void {
    if (message.kind === "signal") {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    if (message.kind === "call") {
      if (message.wantsNoReply === true || message.sender === undefined) return;
      const name = "org.freedesktop.DBus.Error.UnknownMethod";
      this.#send({ kind: "error", destination: message.sender, replySerial: message.serial, errorName: name });
      return;
    }
    const waiting = this.#waiting.get(message.replySerial ?? 0);
    if (waiting === undefined) return;
    this.#waiting.delete(message.replySerial ?? 0);
    clearTimeout(waiting.timer);
    if (message.kind === "reply") waiting.resolve(message.body ?? []);
    else {
      const why = message.body?.[0];
      waiting.reject(new Error(typeof why === "string" ? why : (message.errorName ?? "it failed")));
    }
  }

  #end(): void {
    this.#gone.abort();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Error("the session bus is gone"));
    }
    this.#waiting.clear();
  }
}
