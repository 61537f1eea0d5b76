// Notices become notifications: told together, not too often, one at a time, and what is pressed on them is passed on.
// Must not know where notices come from.
import { type Desktop, openDesktop, type Popup } from "./desktop.ts";
import type { Notice, NoticeKind } from "./notices.ts";
import { BURST, dueAtMs, merged } from "./pacing.ts";
import type { SessionBus } from "./session-bus.ts";

export interface NotifierOptions {
  readonly bus: SessionBus;
  readonly pressed: (action: Action) => void;
  readonly now: () => number;
}

export interface Notifier extends Disposable {
  tell(notices: readonly Notice[]): void;
}

/** What can be pressed. */
export type Action = "plan" | "tui";

const ICONS: Readonly<Record<NoticeKind, string>> = {
  target: "software-update-available",
  sync: "software-update-available",
  done: "emblem-default",
  failed: "dialog-error",
  approval: "dialog-question",
  reboot: "system-reboot",
};

const URGENCIES: Readonly<Record<NoticeKind, Popup["urgency"]>> = {
  target: "normal",
  sync: "normal",
  done: "low",
  failed: "critical",
  approval: "normal",
  reboot: "normal",
};

const ACTIONS = [
  ["default", "Open"],
  ["plan", "Show plan"],
  ["tui", "Open pacpool"],
] as const;

export async function openNotifier({ bus, pressed, now }: NotifierOptions): Promise<Notifier> {
  let waiting: readonly Notice[] = [];
  let waitingSinceMs = 0;
  /** In the notification that is open now. */
  let shown: readonly Notice[] = [];
  let shownAtMs: readonly number[] = [];
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    if (waiting.length === 0) return;
    timer = setTimeout(() => void flush(), Math.max(0, dueAtMs(waitingSinceMs, shownAtMs) - now()));
  };
  const desktop: Desktop = await openDesktop(bus, {
    closed: () => {
      shown = [];
    },
    invoked: (action) => {
      pressed(action === "tui" ? "tui" : "plan");
    },
    came: schedule,
  });
  const flush = async (): Promise<void> => {
    const all = merged(shown, waiting);
    const [first] = all;
    if (first === undefined) return;
    const told = waiting;
    waiting = [];
    // Before the daemon answers: a slow one must not be asked twice.
    shownAtMs = [...shownAtMs, now()].slice(-BURST);
    try {
      await desktop.show(popupOf(first, all));
      shown = all;
    } catch {
      // No daemon: told when one comes, and there is nobody to complain to.
      waiting = merged(told, waiting);
    }
  };
  return {
    tell(notices) {
      if (notices.length === 0) return;
      if (waiting.length === 0) waitingSinceMs = now();
      waiting = merged(waiting, notices);
      schedule();
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
    },
  };
}

function popupOf(first: Notice, all: readonly Notice[]): Popup {
  return {
    title: first.title,
    lines: [first.text, ...all.slice(1).map(({ title, text }) => (text === "" ? title : `${title}: ${text}`))].filter(
      (line) => line !== "",
    ),
    icon: ICONS[first.kind],
    urgency: URGENCIES[first.kind],
    actions: ACTIONS,
  };
}
