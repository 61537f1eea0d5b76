import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openPerson, type Person } from "../test/cli/run-pacpool.ts";
import { largeRepository, openLargeRoot } from "./large-root.ts";
import type { Benchmark } from "./measure.ts";

const program = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** The process that reads packages is gone after five seconds; what it left is collected. */
const IDLE_MS = 30_000;

export const benchmark: Benchmark = {
  name: "agent idle",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "pacpool-bench-idle-"));
    // The embedded database runs as a user of its own.
    chmodSync(folder, 0o711);
    using root = openLargeRoot();
    const database = await largeRepository();
    writeFileSync(join(root.mirror, "extra.db"), database);
    writeFileSync(join(root.dbPath, "sync", "extra.db"), database);
    using person = openPerson({ env: { PACPOOL_STATE_DIR: "", PACPOOL_RUN_DIR: "" } });
    const stateDir = join(folder, "atlas");
    const aim = ["--state-dir", stateDir, "--pacman-config", root.configFile];
    const address = `127.0.0.1:${String(await freePort())}`;
    try {
      const made = await person.pacpool(
        "init",
        "--name",
        "atlas",
        "--listen",
        address,
        "--ops-listen",
        "off",
        "--pin-all",
        ...aim,
      );
      if (made.code !== 0) throw new Error(made.stderr);
      await end(join(stateDir, "agent.pid"));
      const agent = spawn(process.execPath, [program, "agent", ...aim], { env: person.env, stdio: "ignore" });
      const bare = startBareStream(address, join(stateDir, "authority/authority.crt"), person);
      await delay(IDLE_MS);
      const [oursMs, peerMs] = [residentMiB(agent), residentMiB(bare)];
      for (const child of [agent, bare]) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      return [
        {
          what: "agent, connected and idle, 1,500 packages (MiB resident, not ms)",
          oursMs,
          peer: "a bare grpc-js channel over TLS (MiB)",
          peerMs,
        },
      ];
    } finally {
      // The one that `init` started is there still when `init` failed.
      await end(join(stateDir, "agent.pid"));
      await end(join(stateDir, "server.pid"));
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** What nobody can do without: Node, grpc-js, one connection. */
function startBareStream(address: string, ca: string, { env }: Person): ChildProcess {
  const script = `const { Client, credentials } = require("@grpc/grpc-js");
const channel = new Client(process.argv[1], credentials.createSsl(require("node:fs").readFileSync(process.argv[2])));
channel.waitForReady(Date.now() + 10_000, (error) => { if (error) throw error; });
setInterval(() => channel.getChannel().getConnectivityState(true), 30_000);`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  return spawn(process.execPath, ["--no-deprecation", "-e", script, address, ca], {
    cwd,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function residentMiB({ pid = 0 }: ChildProcess): number {
  const rollup = readFileSync(`/proc/${String(pid)}/smaps_rollup`, "utf8");
  return Number(/^Rss:\s+(\d+)/mu.exec(rollup)?.[1]) / 1_024;
}

async function end(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  if (isThere(pid)) process.kill(pid, "SIGTERM");
  for (let left = 100; left > 0 && isThere(pid); left -= 1) await delay(100);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
