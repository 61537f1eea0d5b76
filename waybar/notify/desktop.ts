// The desktop's notification daemon (org.freedesktop.Notifications): one notification of ours at a time, replaced by the
// next, with actions. Must not know pools or endpoints.
import type { BusMessage } from "./dbus-message.ts";
import type { SessionBus } from "./session-bus.ts";

export interface Popup {
  readonly title: string;
  readonly lines: readonly string[];
  readonly icon: string;
  readonly urgency: "low" | "normal" | "critical";
  /** Key and label; "default" is a click on the notification itself. */
  readonly actions: readonly (readonly [key: string, label: string])[];
}

export interface DesktopEvents {
  /** The person dismissed it, its time was over, or the daemon went. */
  readonly closed: () => void;
  readonly invoked: (action: string) => void;
  /** A daemon has come. */
  readonly came: () => void;
}

export interface Desktop {
  /** Shows it in the place of the one that is still open. Rejects while there is no daemon. */
  show(popup: Popup): Promise<void>;
}

const DAEMON = {
  destination: "org.freedesktop.Notifications",
  path: "/org/freedesktop/Notifications",
  interface: "org.freedesktop.Notifications",
};
const URGENCY = { low: 0, normal: 1, critical: 2 } as const;
/** Of the daemon's own choice. */
const EXPIRES = -1;
const MAX_TITLE = 120;
const MAX_LINE = 300;

export async function openDesktop(bus: SessionBus, events: DesktopEvents): Promise<Desktop> {
  let id = 0;
  let capabilities: readonly string[] | undefined;
  const forget = (): void => {
    if (id !== 0) events.closed();
    id = 0;
  };
  await bus.listen(`type='signal',interface='${DAEMON.interface}'`, ({ interface: of, member, body }) => {
    if (of !== DAEMON.interface || id === 0 || body?.[0] !== id) return;
    // Most daemons close what was acted upon, and say so first or last: the action is heard either way.
    if (member === "ActionInvoked" && typeof body[1] === "string") events.invoked(body[1]);
    if (member === "NotificationClosed") forget();
  });
  const owners = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'";
  await bus.listen(`${owners},arg0='${DAEMON.destination}'`, ({ member, body }: BusMessage) => {
    if (member !== "NameOwnerChanged" || body?.[0] !== DAEMON.destination) return;
    // Another daemon knows nothing of the numbers of the one before.
    capabilities = undefined;
    forget();
    if (body[2] !== "") events.came();
  });
  return {
    async show(popup) {
      capabilities ??= await askCapabilities(bus);
      const hints = [
        ["urgency", { signature: "y", value: URGENCY[popup.urgency] }],
        ["desktop-entry", { signature: "s", value: "pacpool" }],
        ["category", { signature: "s", value: "device" }],
      ] as const;
      const body = popup.lines.map((line) => bodyLine(line, capabilities ?? [])).join("\n");
      const actions = capabilities.includes("actions") ? popup.actions.flat() : [];
      const [given] = await bus.call({
        ...DAEMON,
        member: "Notify",
        signature: "susssasa{sv}i",
        body: ["pacpool", id, popup.icon, cut(popup.title, MAX_TITLE), body, actions, hints, EXPIRES],
      });
      id = typeof given === "number" ? given : 0;
    },
  };
}

async function askCapabilities(bus: SessionBus): Promise<readonly string[]> {
  const [list] = await bus.call({ ...DAEMON, member: "GetCapabilities" });
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/** A daemon that reads markup would read ours out of any message; one that does not would show the escapes. */
function bodyLine(line: string, capabilities: readonly string[]): string {
  const text = cut(line, MAX_LINE);
  if (!capabilities.includes("body-markup")) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, characters: number): string {
  const clean = text.toWellFormed().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, " ");
  const all = Array.from(clean);
  return all.length <= characters ? clean : `${all.slice(0, characters - 1).join("")}…`;
}
