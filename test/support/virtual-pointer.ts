// A mouse for a compositor without one: a client of zwlr_virtual_pointer_v1, in the Wayland protocol's own bytes. Speaks
// only what moving and pressing need.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Button = "left" | "right" | "middle";

export interface VirtualPointer extends Disposable {
  /** To a pixel of the whole layout, and stays there. */
  move(x: number, y: number): Promise<void>;
  click(x: number, y: number, button?: Button): Promise<void>;
}

/** linux/input-event-codes.h */
const CODES: Readonly<Record<Button, number>> = { left: 0x110, right: 0x111, middle: 0x112 };
const DISPLAY = 1;
const OPCODES = { sync: 0, getRegistry: 1, bind: 0, createPointer: 0, motionAbsolute: 1, button: 2, frame: 4 } as const;
const INTERFACE = "zwlr_virtual_pointer_manager_v1";

/** `size` is that of all outputs together, in pixels. */
export async function openPointer(socketPath: string, size: readonly [number, number]): Promise<VirtualPointer> {
  const socket = connect(socketPath);
  await once(socket, "connect");
  const wire = new Wire(socket);
  const registry = wire.newId();
  wire.registry = registry;
  wire.send(DISPLAY, OPCODES.getRegistry, registry);
  await wire.roundTrip();
  const name = wire.globals.get(INTERFACE);
  if (name === undefined) throw new Error(`the compositor has no ${INTERFACE}`);
  const manager = wire.newId();
  wire.send(registry, OPCODES.bind, name, INTERFACE, 1, manager);
  const pointer = wire.newId();
  wire.send(manager, OPCODES.createPointer, 0, pointer);
  const time = (): number => Math.floor(performance.now());
  const move = async (x: number, y: number): Promise<void> => {
    wire.send(pointer, OPCODES.motionAbsolute, time(), x, y, ...size);
    wire.send(pointer, OPCODES.frame);
    await wire.roundTrip();
  };
  return {
    move,
    async click(x, y, button = "left") {
      // A seat learns of its first pointer with the first event: what is under it is known from the second on.
      await move(x + 1, y);
      await move(x, y);
      for (const state of [1, 0]) {
        wire.send(pointer, OPCODES.button, time(), CODES[button], state);
        wire.send(pointer, OPCODES.frame);
        await wire.roundTrip();
      }
    },
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}

class Wire {
  readonly globals = new Map<string, number>();
  readonly #socket: Socket;
  readonly #done = new Map<number, PromiseWithResolvers<void>>();
  #received: Buffer = Buffer.alloc(0);
  #lastId = DISPLAY;
  registry = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      while (this.#received.length >= 8 && this.#received.length >= this.#received.readUInt16LE(6)) {
        const length = this.#received.readUInt16LE(6);
        this.#hear(this.#received.subarray(0, length));
        this.#received = this.#received.subarray(length);
      }
    });
  }

  send(object: number, opcode: number, ...args: readonly (number | string)[]): void {
    const body = Buffer.concat(args.map(argument));
    const header = Buffer.alloc(8);
    header.writeUInt32LE(object, 0);
    header.writeUInt16LE(opcode, 4);
    header.writeUInt16LE(8 + body.length, 6);
    this.#socket.write(Buffer.concat([header, body]));
  }

  /** Ids must be taken one after the other. */
  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Until the compositor has taken everything that was sent. Rejects with what it refused. */
  roundTrip(): Promise<void> {
    const id = this.newId();
    const done = Promise.withResolvers<void>();
    this.#done.set(id, done);
    this.send(DISPLAY, OPCODES.sync, id);
    return done.promise;
  }

  #hear(message: Buffer): void {
    const object = message.readUInt32LE(0);
    const opcode = message.readUInt16LE(4);
    if (object === DISPLAY && opcode === 0) {
      const refused = new Error(`the compositor refused: ${message.toString("latin1", 20)}`);
      for (const done of this.#done.values()) done.reject(refused);
    }
    if (object === this.registry && opcode === 0) {
      const length = message.readUInt32LE(12);
      this.globals.set(message.toString("utf8", 16, 16 + length - 1), message.readUInt32LE(8));
    }
    this.#done.get(object)?.resolve();
    this.#done.delete(object);
  }
}

function argument(value: number | string): Buffer {
  if (typeof value === "number") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  }
  const text = Buffer.from(`${value}\0`);
  const padded = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4);
  padded.writeUInt32LE(text.length);
  text.copy(padded, 4);
  return padded;
}
