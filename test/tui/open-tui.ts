// `pacpool tui` as a person starts it: the built program in a real terminal, with an environment of its own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestServer } from "../support/server.ts";
import { openTerminal, type Terminal } from "../support/terminal.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

export interface TuiSetup {
  /** Absent: nothing is set up. */
  readonly server?: Pick<TestServer, "address" | "ca" | "adminKey"> | undefined;
  /** The endpoint that this machine is. */
  readonly endpoint?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export function openTui({ server, endpoint, columns, rows, env = {} }: TuiSetup = {}): Terminal {
  const home = mkdtempSync(join(tmpdir(), "pacpool-tui-"));
  const access: Record<string, string> = {};
  if (server !== undefined) {
    writeFileSync(join(home, "ca.pem"), server.ca);
    access["PACPOOL_SERVER"] = server.address;
    access["PACPOOL_CA"] = join(home, "ca.pem");
    access["PACPOOL_KEY"] = server.adminKey;
  }
  if (endpoint !== undefined) access["PACPOOL_ENDPOINT"] = endpoint;
  const terminal = openTerminal({
    command: [launcher, "tui"],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_STATE_HOME: join(home, "state"),
      XDG_RUNTIME_DIR: home,
      PACPOOL_RUN_DIR: join(home, "run"),
      PACPOOL_STATE_DIR: join(home, "state"),
      ...access,
      ...env,
    },
    ...(columns === undefined ? {} : { columns }),
    ...(rows === undefined ? {} : { rows }),
  });
  return {
    ...terminal,
    [Symbol.asyncDispose]: async () => {
      await terminal[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
