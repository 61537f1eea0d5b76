// CPU of this process and of all children that ended, user and system: unlike the clock it does not count what others do.
import { readFileSync } from "node:fs";

/** Linux gives ticks of 10 ms on every architecture that pacman runs on. */
const TICK_MS = 10;

/** Milliseconds since the process started. Children count once they have been waited for. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
  const ofChildren = Number(fields[13]) + Number(fields[14]);
  return (user + system) / 1000 + ofChildren * TICK_MS;
}

export async function cpuOf(work: () => unknown): Promise<number> {
  const before = cpuMs();
  await work();
  return cpuMs() - before;
}
