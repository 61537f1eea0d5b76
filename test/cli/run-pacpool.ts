// Runs the built program through its launcher, as a person or a script would, with nothing of this machine's own
// configuration.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Person extends Disposable {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Without a terminal. */
  readonly pacpool: (...words: readonly string[]) => Promise<Outcome>;
  /** The same with `-o json`, which must succeed. */
  readonly json: (...words: readonly string[]) => Promise<unknown>;
}

export interface PersonOptions {
  readonly server?: string;
  /** PEM. */
  readonly ca?: string;
  readonly key?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Somebody with a home of their own, who reaches that server with that key. */
export function openPerson(options: PersonOptions = {}): Person {
  const home = mkdtempSync(join(tmpdir(), "pacpool-person-"));
  const ca = join(home, "ca.pem");
  if (options.ca !== undefined) writeFileSync(ca, options.ca);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PACPOOL_|XDG_|SUDO_)/.test(name));
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited),
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_RUNTIME_DIR: join(home, "run"),
    XDG_CACHE_HOME: join(home, "cache"),
    // As root the usual places are the machine's own; the tests must not meet an agent there.
    PACPOOL_STATE_DIR: join(home, "state/pacpool"),
    PACPOOL_RUN_DIR: join(home, "run/pacpool"),
    ...(options.server === undefined ? {} : { PACPOOL_SERVER: options.server }),
    ...(options.ca === undefined ? {} : { PACPOOL_CA: ca }),
    ...(options.key === undefined ? {} : { PACPOOL_KEY: options.key }),
    ...options.env,
  };
  const pacpool = (...words: readonly string[]): Promise<Outcome> => run(env, words);
  return {
    home,
    env,
    pacpool,
    json: async (...words) => {
      const outcome = await pacpool(...words, "-o", "json");
      if (outcome.code !== 0) {
        throw new Error(`pacpool ${words.join(" ")} exited ${String(outcome.code)}: ${outcome.stderr}`);
      }
      return JSON.parse(outcome.stdout);
    },
    [Symbol.dispose]: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function run(env: NodeJS.ProcessEnv, words: readonly string[]): Promise<Outcome> {
  const child = spawn(launcher, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code: code ?? -1, stdout, stderr };
}
