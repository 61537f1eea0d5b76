// The running demo: a server on its embedded database, an agent for every machine, two pools. Everything lies below one
// folder and ends with it.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { DemoMachine } from "./machines.ts";
import { type Background, environmentOf, runPacpool, startBackground, until } from "./processes.ts";
import { buildDemoWorld, type DemoRoot, type DemoWorld } from "./world.ts";

export interface DemoFleet extends AsyncDisposable {
  readonly world: DemoWorld;
  /** Environment of the person at the keyboard, with the administrator's key. */
  readonly operator: NodeJS.ProcessEnv;
  /** Environment of one machine, as its own user would have it. */
  on(machine: DemoMachine): NodeJS.ProcessEnv;
  /** `pacpool ...args` as the operator; throws with its words unless it exits 0. */
  pacpool(...args: readonly string[]): Promise<string>;
}

/** Builds the world below `directory` and starts server and agents. */
export async function startDemoFleet(directory: string, say: (line: string) => void): Promise<DemoFleet> {
  const running: Background[] = [];
  // The embedded database has a user of its own, who has to get through.
  chmodSync(directory, 0o711);
  const dispose = async (): Promise<void> => {
    await Promise.all(running.filter(({ name }) => name !== "server").map((agent) => agent.end()));
    await Promise.all(running.map((one) => one.end()));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [worldBuilt, server] = await Promise.all([buildDemoWorld(directory, say), startServer(directory, running)]);
    say(`a server on ${server.address}, its database embedded`);
    const pacpool = (...args: readonly string[]) => checked(server.operator, args);
    const on = (machine: DemoMachine) => {
      const home = join(directory, "machines", machine.name);
      return environmentOf(home, { PACPOOL_RUN_DIR: join(home, "run", "pacpool") });
    };
    for (const [pool, mode] of [
      ["studio", "versions"],
      ["kiosks", "mirror"],
    ] as const) {
      await pacpool("pool", "create", pool, "--mode", mode);
    }
    await Promise.all(worldBuilt.roots.map((entry) => enrol(entry, on(entry.machine), pacpool, running)));
    await until(
      "every machine has reported",
      () => allReported(pacpool, worldBuilt.roots.length),
      running.at(-1)?.logFile,
    );
    say(`${String(worldBuilt.roots.length)} machines enrolled, each with an agent`);
    return { world: worldBuilt, operator: server.operator, on, pacpool, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface StartedServer {
  readonly address: string;
  readonly operator: NodeJS.ProcessEnv;
}

async function startServer(directory: string, running: Background[]): Promise<StartedServer> {
  const home = join(directory, "server");
  mkdirSync(home, { recursive: true });
  const [port, opsPort] = [await freePort(), await freePort()];
  const [address, opsAddress] = [`127.0.0.1:${String(port)}`, `127.0.0.1:${String(opsPort)}`];
  const state = join(home, "state");
  writeFileSync(
    join(home, "server.toml"),
    `listen = "${address}"\nops_listen = "${opsAddress}"\nstate_dir = "${state}"\n`,
  );
  const server = startBackground("server", home, environmentOf(home), [
    "server",
    "--config",
    join(home, "server.toml"),
  ]);
  running.push(server);
  await until("the server is ready", () => isReady(opsAddress, server), server.logFile);
  const operator = environmentOf(home, {
    PACPOOL_SERVER: address,
    PACPOOL_CA: join(state, "authority", "authority.crt"),
    PACPOOL_KEY_FILE: join(state, "administrator.key"),
  });
  return { address, operator };
}

async function isReady(address: string, server: Background): Promise<boolean> {
  if (server.child.exitCode !== null)
    throw new Error(`the server ended with exit code ${String(server.child.exitCode)}; see ${server.logFile}`);
  try {
    return (await fetch(`http://${address}/health/ready`)).ok;
  } catch {
    return false;
  }
}

async function enrol(
  entry: DemoRoot,
  env: NodeJS.ProcessEnv,
  pacpool: DemoFleet["pacpool"],
  running: Background[],
): Promise<void> {
  const { machine, root } = entry;
  const token = JSON.parse(await pacpool("token", "create", "--pool", machine.pool, "-o", "json")) as {
    joinCode: string;
  };
  const state = join(root.directory, "state", "pacpool");
  const aim = ["--pacman-config", root.configFile, "--state-dir", state];
  await checked(env, ["join", token.joinCode, "--name", machine.name, "--no-start", ...aim]);
  running.push(startBackground("agent", root.directory, env, ["agent", ...aim]));
}

async function allReported(pacpool: DemoFleet["pacpool"], count: number): Promise<boolean> {
  const endpoints = JSON.parse(await pacpool("endpoint", "list", "-o", "json")) as {
    online: boolean;
    packages: number;
  }[];
  return endpoints.filter(({ online, packages }) => online && packages > 0).length === count;
}

async function checked(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
  const outcome = await runPacpool(env, args);
  if (outcome.code !== 0)
    throw new Error(`pacpool ${args.join(" ")} exited ${String(outcome.code)}: ${outcome.stderr}${outcome.stdout}`);
  return outcome.stdout;
}

/** A port that was free a moment ago; the demo has no fixed one, so that two demos do not meet. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === "string") throw new Error("asking the kernel for a free port failed");
  return address.port;
}
