// Wakes the person's own bars: WayBar runs modules with `signal` again when it gets SIGRTMIN+N. It must not touch other
// programs, nor other people's.
import { readdirSync, readFileSync, statSync } from "node:fs";

/** Of glibc and musl alike: the first two real-time signals are the C library's own. */
const SIGRTMIN = 34;

export function wakeBars(signal: number): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const isBar = readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "waybar";
      if (isBar && statSync(`/proc/${pid}`).uid === process.getuid?.()) process.kill(Number(pid), SIGRTMIN + signal);
    } catch {
      // It ended in the meantime.
    }
  }
}
