// Finds the server of this machine running, or starts it, and waits until it answers with the administrator's key.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openConnection } from "../../rpc/connection.ts";
import { splitAddress } from "../../rpc/join-code.ts";
import { loadServerConfig } from "../../server/config.ts";
import { UsageError } from "../usage-error.ts";
import type { Context } from "../verb.ts";
import type { Aim } from "./aim.ts";
import { writeSettingsOnce } from "./settings-file.ts";
import { type Started, startProcess } from "./start-process.ts";
import { until } from "./until.ts";

/** How to reach the machine's own server as its administrator. */
export interface OwnServer {
  readonly address: string;
  /** PEM. */
  readonly ca: string;
  readonly key: string;
  readonly keyFile: string;
}

export interface ServerWish {
  readonly listen: string;
  readonly opsListen: string | undefined;
}

/** The first start unpacks a database; a small machine takes half a minute. In ms. */
const READY_TIMEOUT_MS = 180_000;
const ANSWER_TIMEOUT_MS = 5_000;

export async function bringServer(context: Context, aim: Aim, wish: ServerWish): Promise<OwnServer> {
  const { terminal, environment, signal } = context;
  const isNew = writeSettingsOnce(aim.serverConfig, "Written by pacpool init; change what you like.", {
    listen: wish.listen,
    ...(wish.opsListen === undefined ? {} : { ops_listen: wish.opsListen }),
    state_dir: aim.stateDir,
  });
  const config = loadServerConfig({
    file: aim.serverConfig,
    environment: { ...environment, PACPOOL_STATE_DIR: aim.stateDir },
  });
  if (isNew) terminal.note(`Wrote ${aim.serverConfig}: the server listens on ${config.listen}.`);
  else if (config.listen !== wish.listen)
    terminal.note(`${aim.serverConfig} is there already and stays: listen = ${config.listen}.`);
  const address = ownAddress(config.listen);
  const before = await tryServer(address, config.stateDir);
  if (before !== undefined) {
    terminal.note(`The server runs already on ${config.listen}.`);
    return before;
  }
  terminal.note("Starting the server; the first start makes a database and an authority...");
  const started: Started = startProcess("server", aim, ["--config", aim.serverConfig], terminal);
  return await until({ what: "the server is ready", timeoutMs: READY_TIMEOUT_MS, signal, started }, () =>
    tryServer(address, config.stateDir),
  );
}

/** Undefined while it does not answer this machine's administrator. */
async function tryServer(address: string, stateDir: string): Promise<OwnServer | undefined> {
  const keyFile = join(stateDir, "administrator.key");
  const ca = read(join(stateDir, "authority/authority.crt"));
  const key = read(keyFile)?.trim();
  if (ca === undefined || key === undefined) return undefined;
  using connection = openConnection({ address, ca, key });
  try {
    await connection.access.whoAmI({}, { timeoutMs: ANSWER_TIMEOUT_MS });
    return { address, ca, key, keyFile };
  } catch {
    return undefined;
  }
}

/** How this machine reaches its own server. */
function ownAddress(listen: string): string {
  const where = splitAddress(listen);
  if (where === undefined || where.port === 0)
    throw new UsageError(`listen = ${listen} is no HOST:PORT that others could be told`);
  if (where.host === "0.0.0.0") return `127.0.0.1:${String(where.port)}`;
  return where.host === "::" ? `[::1]:${String(where.port)}` : listen;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
