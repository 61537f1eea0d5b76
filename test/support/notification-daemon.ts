// A private session bus, and on it a notification daemon that writes down what it is told and says what a person would
// press. The bus is the real one; it judges every message.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BusMessage, decodeMessage, encodeMessage } from "../../waybar/notify/dbus-message.ts";
import { eventually } from "./eventually.ts";

export interface PrivateBus extends AsyncDisposable {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string;
  readonly socket: string;
  /** Ends the bus itself, as the end of a session does. */
  readonly end: () => Promise<void>;
}

/** A dbus-daemon of its own; some milliseconds. */
export async function openPrivateBus(): Promise<PrivateBus> {
  const folder = mkdtempSync(join(tmpdir(), "pacpool-bus-"));
  const socket = join(folder, "bus");
  const address = `unix:path=${socket}`;
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address", `--address=${address}`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(daemon.stdout, "data");
  const end = async (): Promise<void> => {
    await endProcess(daemon);
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, socket, end, [Symbol.asyncDispose]: end };
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

export interface Told {
  readonly id: number;
  readonly replaces: number;
  readonly icon: string;
  readonly title: string;
  readonly body: string;
  readonly actions: readonly string[];
  /** 0 to 2. */
  readonly urgency: number;
  readonly atMs: number;
}

export interface NotificationDaemon extends Disposable {
  readonly told: readonly Told[];
  /** The person presses an action, and the notification closes. */
  readonly press: (id: number, action: string) => void;
  readonly dismiss: (id: number) => void;
  /** Waits for so many notifications and answers with the last of them. */
  readonly untilTold: (count: number) => Promise<Told>;
}

const OURS = { path: "/org/freedesktop/Notifications", interface: "org.freedesktop.Notifications" };
const BUS = { destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus" };
type Hint = readonly [name: string, variant: { readonly value: unknown }];
type Notify = readonly [string, number, string, string, string, readonly string[], readonly Hint[]];

export async function openNotificationDaemon(
  { socket: path }: PrivateBus,
  capabilities: readonly string[] = ["actions", "body", "body-markup"],
): Promise<NotificationDaemon> {
  const told: Told[] = [];
  const socket = connect(path);
  let serial = 0;
  let received = Buffer.alloc(0);
  const send = (message: Omit<BusMessage, "serial">): void => {
    serial += 1;
    socket.write(encodeMessage({ ...message, serial }));
  };
  const reply = ({ sender = "", serial: replySerial }: BusMessage, more: Partial<BusMessage>): void => {
    send({ kind: "reply", destination: sender, replySerial, ...more });
  };
  const hear = (message: BusMessage): void => {
    if (message.member === "GetCapabilities") reply(message, { signature: "as", body: [capabilities] });
    if (message.member !== "Notify") return;
    const [, replaces, icon, title, body, actions, hints] = message.body as unknown as Notify;
    const id = replaces === 0 ? told.length + 1 : replaces;
    const urgency = Number(hints.find(([name]) => name === "urgency")?.[1].value);
    told.push({ id, replaces, icon, title, body, actions, urgency, atMs: Date.now() });
    reply(message, { signature: "u", body: [id] });
  };
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid?.() ?? 0)).toString("hex")}\r\n`);
  await once(socket, "data");
  socket.write("BEGIN\r\n");
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, Buffer.from(chunk)]);
    for (let found = decodeMessage(received); found !== undefined; found = decodeMessage(received)) {
      received = received.subarray(found.length);
      hear(found.message);
    }
  });
  send({ kind: "call", ...BUS, member: "Hello" });
  send({ kind: "call", ...BUS, member: "RequestName", signature: "su", body: [OURS.interface, 4] });
  const dismiss = (id: number): void => {
    send({ kind: "signal", ...OURS, member: "NotificationClosed", signature: "uu", body: [id, 2] });
  };
  return {
    told,
    dismiss,
    press(id, action) {
      send({ kind: "signal", ...OURS, member: "ActionInvoked", signature: "us", body: [id, action] });
      dismiss(id);
    },
    untilTold: (count) => eventually(`notification ${String(count)}`, () => told[count - 1], 20_000),
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}
