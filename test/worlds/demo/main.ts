// `make demo`: a small world with real pacman. In a terminal it opens the TUI on it, else it plays the story.
// Whatever ends it, everything that it started is stopped and its folder removed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DemoFleet, startDemoFleet } from "./fleet.ts";
import { launcher } from "./processes.ts";
import { playStory } from "./story.ts";

const say = (line: string): void => {
  console.log(line);
};

async function main(): Promise<number> {
  const startedAtMs = performance.now();
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve("interrupted"));
  });
  await using fleet = await startDemoFleet(mkdtempSync(join(tmpdir(), "pacpool-demo-")), say);
  const inTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const played = inTerminal ? openTui(fleet) : playStory(fleet, say).then(() => 0);
  const outcome = await Promise.race([played, interrupted]);
  if (outcome === "interrupted") {
    say("\nstopping everything");
    return 130;
  }
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  if (!inTerminal) say(`\nAll agree: the story took ${seconds} s, and pacman confirms every act.`);
  return outcome;
}

/** atlas has become the target already, so that there is something to sync. */
async function openTui(fleet: DemoFleet): Promise<number> {
  await fleet.pacpool("set-latest", "--endpoint", "atlas", "--message", "May, tested on atlas");
  await fleet.pacpool("set-latest", "--endpoint", "kiosk-1", "--message", "kiosk image");
  const tui = spawn(launcher, ["tui"], { env: fleet.operator, stdio: "inherit" });
  const [code] = (await once(tui, "exit")) as [number | null];
  return code ?? 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? `demo: ${error.message}` : error);
    process.exitCode = 1;
  },
);
