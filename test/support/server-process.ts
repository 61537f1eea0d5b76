// The server as the process that people run, for tests that kill it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

const MAIN = join(import.meta.dirname, "../../server/main.ts");
const START_MS = 60_000;

export interface ServerProcess extends AsyncDisposable {
  readonly address: string;
  readonly ca: string;
  readonly adminKey: string;
  readonly pid: number;
  /** Sends the signal and waits for the end. Exit code, or the name of the signal that killed it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals>;
}

export async function startServerProcess(
  stateDir: string,
  listen = "127.0.0.1:0",
  more: Record<string, string> = {},
): Promise<ServerProcess> {
  const environment = {
    ...process.env,
    PACPOOL_STATE_DIR: stateDir,
    PACPOOL_LISTEN: listen,
    PACPOOL_OPS_LISTEN: "off",
    ...more,
  };
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    words = (words + part).slice(-20_000);
  });
  const address = await ready(child, () => words);
  const [ca, adminKey] = await Promise.all([
    readFile(join(stateDir, "authority/authority.crt"), "utf8"),
    readFile(join(stateDir, "administrator.key"), "utf8"),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals> => {
    if (child.exitCode === null && child.signalCode === null) {
      const over = once(child, "exit");
      child.kill(signal);
      await over;
    }
    return child.exitCode ?? child.signalCode ?? -1;
  };
  return {
    address,
    ca,
    adminKey: adminKey.trim(),
    pid: child.pid ?? 0,
    end,
    // In order: after a kill the database would still be writing into a folder that the test deletes.
    [Symbol.asyncDispose]: async () => void (await end("SIGTERM")),
  };
}

async function ready(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream },
  words: () => string,
): Promise<string> {
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [, address] = /^pacpool server listening on (\S+)$/.exec(line) ?? [];
      if (address !== undefined) {
        // Nobody reads on: a full pipe must not stop the server.
        child.stdout.resume();
        return address;
      }
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`the server did not become ready:\n${words()}`);
}
