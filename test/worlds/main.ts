// `make play WORLD=name`: a scripted world on a real server, and the TUI on it. Whatever ends it, all of it is gone afterwards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, launcher } from "./demo/processes.ts";
import { WORLDS } from "./list.ts";
import { openStage, type World } from "./stage.ts";

const EXIT_USAGE = 2;
const DEMO = { name: "demo", sentence: "five machines with real pacman in two pools (also: make demo)" };

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(name: string): Promise<number> {
  if (name === "demo") {
    await import("./demo/main.ts");
    return 0;
  }
  const world = WORLDS.find((one) => one.name === name);
  if (world === undefined) {
    if (name !== "?") say(`There is no world ${name}. There are:`);
    for (const one of [DEMO, ...WORLDS]) say(`  ${one.name.padEnd(10)} ${one.sentence}`);
    return name === "?" ? 0 : EXIT_USAGE;
  }
  return play(world);
}

async function play(world: World): Promise<number> {
  const startedAtMs = performance.now();
  await using stage = await openStage();
  const key = (await world.build(stage)) ?? stage.server.adminKey;
  const home = mkdtempSync(join(tmpdir(), "pacpool-play-"));
  try {
    writeFileSync(join(home, "ca.pem"), stage.server.ca);
    const access = { PACPOOL_SERVER: stage.server.address, PACPOOL_CA: join(home, "ca.pem"), PACPOOL_KEY: key };
    const here = world.here === undefined ? {} : { PACPOOL_ENDPOINT: world.here };
    const readyMs = (performance.now() - startedAtMs).toFixed(0);
    if (!(process.stdin.isTTY && process.stdout.isTTY)) {
      say(`${world.name}: ${world.sentence}; ready in ${readyMs} ms. In a terminal the TUI opens on it.`);
      return 0;
    }
    const env = environmentOf(home, { PACPOOL_RUN_DIR: join(home, "run/pacpool"), ...access, ...here });
    // The TUI has Ctrl-C for itself.
    process.on("SIGINT", () => undefined);
    const tui = spawn(launcher, ["tui"], { env, stdio: "inherit" });
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => tui.kill(signal));
    const [code] = (await once(tui, "exit")) as [number | null];
    return code ?? 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? "?").then(
  (code) => {
    // The demo says by itself what it ends with.
    process.exitCode ??= code;
  },
  (error: unknown) => {
    process.stderr.write(`play: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
