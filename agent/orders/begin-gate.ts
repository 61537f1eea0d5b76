// Whether an operation may begin now: the owner's and the pool's consent, windows, power, a network that costs. What waits is
// remembered on disk, so that a window that passed while the machine slept is known as missed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Consent, mayBegin, type Verdict } from "../../domain/consent/consent.ts";
import type { WallClock } from "../../domain/consent/window.ts";
import type { Order } from "./order-book.ts";

export interface BeginGateOptions {
  readonly stateDir: string;
  readonly bootId: string;
  /** What owner and pool say by now. */
  readonly consent: () => Consent;
  readonly isMetered: () => Promise<boolean>;
  /** Percent while the machine is on its battery. */
  readonly battery: () => number | undefined;
  /** Below this a machine on its battery waits; 0 for never. */
  readonly leastBattery: number;
  readonly now: () => number;
  readonly wallClock?: (ms: number) => WallClock;
}

export interface BeginGate {
  /** Never rejects. */
  readonly ask: (order: Order) => Promise<Verdict>;
  /** The machine goes down: what waits for that may begin. */
  readonly shutDown: () => void;
}

interface Look {
  /** Of the boot in which the order came. */
  readonly bootId: string;
  readonly lookedAtMs: number;
}

/** By operation, the one that was looked at last at the end. */
type Looks = Readonly<Record<string, Look>>;

/** More orders than that do not wait at once; those that ended fall out. */
const MAX_LOOKS = 32;

/** Plugging in and leaving a hotspot are noticed within this. */
const LOOK_MINUTES = 1;

export function openBeginGate(options: BeginGateOptions): BeginGate {
  const { now, wallClock = localClock } = options;
  const file = join(options.stateDir, "waiting.json");
  let looks = readLooks(file);
  let isShuttingDown = false;
  const remember = ({ operationId }: Order, nowMs: number): Look => {
    const { [operationId]: known, ...others } = looks;
    const look = { bootId: known?.bootId ?? options.bootId, lookedAtMs: nowMs };
    looks = Object.fromEntries([...Object.entries(others), [operationId, look] as const].slice(-MAX_LOOKS));
    try {
      writeFileSync(file, JSON.stringify(looks), { mode: 0o600 });
    } catch {
      // Losing it, to a full disk for example, costs a missed window, not an operation.
    }
    return known ?? look;
  };
  return {
    shutDown: () => {
      isShuttingDown = true;
    },
    async ask(order) {
      // Who sits at the machine is asked by nobody, and repairs do not wait.
      if (order.isLocal === true || order.fence > 1) return { kind: "go" };
      const nowMs = now();
      const before = remember(order, nowMs);
      const verdict = mayBegin(options.consent(), {
        clock: wallClock(nowMs),
        minutesSinceLook: Math.max(0, (nowMs - before.lookedAtMs) / 60_000),
        hasBooted: before.bootId !== options.bootId,
        isShuttingDown,
      });
      return verdict.kind === "wait" ? verdict : surroundings(options, order);
    },
  };
}

async function surroundings(options: BeginGateOptions, { plan }: Order): Promise<Verdict> {
  const percent = options.battery();
  if (percent !== undefined && percent < options.leastBattery) {
    const why = `waits for power: the battery is at ${String(percent)} %, below ${String(options.leastBattery)} %`;
    return { kind: "wait", why, minutes: LOOK_MINUTES };
  }
  if (plan.downloadBytes > 0 && (await options.isMetered())) {
    const why = "waits for a network that is not metered (agent.toml, metered = wait)";
    return { kind: "wait", why, minutes: LOOK_MINUTES };
  }
  return { kind: "go" };
}

/** The machine's own time zone. */
export function localClock(ms: number): WallClock {
  const time = new Date(ms);
  return { day: time.getDay(), minute: time.getHours() * 60 + time.getMinutes() };
}

function readLooks(file: string): Looks {
  try {
    // Written by this program only.
    return JSON.parse(readFileSync(file, "utf8")) as Looks;
  } catch {
    return {};
  }
}
