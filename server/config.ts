// What the server is told by its file and its environment, checked once here; nothing else reads either.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import * as z from "zod/mini";

/** A key that is unknown or has a value that is not allowed; the process ends with exit code 2. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly exitCode = 2;
}

const ADDRESS = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Every key, what it allows in words, and its check. The words stand in error messages and in `config show`. */
const KEYS = {
  listen: {
    allowed: "HOST:PORT, IPv6 in brackets, port 0 for any free one",
    schema: z.string().check(z.refine(isAddress)),
  },
  ops_listen: {
    allowed: "HOST:PORT, or off",
    schema: z.string().check(z.refine((text) => text === "off" || isAddress(text))),
  },
  state_dir: { allowed: "an absolute folder", schema: z.string().check(z.startsWith("/"), z.maxLength(4_000)) },
  database_url: {
    allowed: "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    schema: z.string().check(z.regex(/^postgres(ql)?:\/\/.+/)),
  },
  redis_url: {
    allowed: "redis://HOST:PORT or rediss://HOST:PORT",
    schema: z.string().check(z.regex(/^rediss?:\/\/.+/)),
  },
  tls_cert: {
    allowed: "a PEM file: the server's certificate, then its authority's",
    schema: z.string().check(z.startsWith("/")),
  },
  tls_key: { allowed: "a PEM file: the private key of tls_cert", schema: z.string().check(z.startsWith("/")) },
  heartbeat: {
    allowed: "seconds from 1 to 600",
    schema: z.coerce.number().check(z.int(), z.minimum(1), z.maximum(600)),
  },
  log_level: { allowed: LOG_LEVELS.join(", "), schema: z.enum(LOG_LEVELS) },
  keep_targets: {
    allowed: "targets before the newest whose files stay, 0 to 50",
    schema: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(50)),
  },
  fetch_mirrors: {
    allowed: "true or false",
    schema: z.union([
      z.boolean(),
      z.pipe(
        z.enum(["true", "false"]),
        z.transform((text) => text === "true"),
      ),
    ]),
  },
  archive: {
    allowed: "an http or https URL with {filename}, or with {name}, {version} and {arch}",
    schema: z.string().check(z.regex(/^https?:\/\/.+\{(?:filename|name)\}/)),
  },
  unsigned_allowed: {
    allowed: "SHA-256 digests of package files, in the environment with commas between",
    schema: z.pipe(
      z.transform((value) => (typeof value === "string" ? value.split(/[\s,]+/).filter((one) => one !== "") : value)),
      z.array(z.string().check(z.regex(/^[0-9a-f]{64}$/))).check(z.maxLength(10_000)),
    ),
  },
  advertise: {
    allowed: "HOST or HOST:PORT that other machines reach this server by",
    schema: z.string().check(z.regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:/]+)(?::\d{1,5})?$/)),
  },
} as const;

type KeyName = keyof typeof KEYS;

/** Every key with what it allows, for the manual. */
export const SERVER_KEYS: Readonly<Record<KeyName, string>> = Object.fromEntries(
  Object.entries(KEYS).map(([name, { allowed }]) => [name, allowed]),
) as Record<KeyName, string>;

/** Heartbeat of agents in seconds: a machine that vanished is shown within three of them, and 10,000 idle ones cost 3 % of a core. */
const HEARTBEAT_SECONDS = 30;

/** Enough to go back from a bad update that was noticed late; each keeps what changed since the one before. */
const KEEP_TARGETS = 3;

export interface ServerConfig {
  /** The file that was read; undefined when there was none. */
  readonly file: string | undefined;
  readonly listen: string;
  /** Undefined when switched off. */
  readonly opsListen: string | undefined;
  readonly stateDir: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly heartbeatSeconds: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly advertise: string | undefined;
  /** Targets before the newest whose package files stay. */
  readonly keepTargets: number;
  /** Whether package files are fetched from the mirrors that endpoints use. */
  readonly fetchMirrors: boolean;
  /** URL template of an archive of old package files. */
  readonly archive: string | undefined;
  /** Digests of package files that are kept without a signature. */
  readonly unsignedAllowed: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigSource {
  /** A file that must exist; without it the usual one is read when it is there. */
  readonly file?: string | undefined;
  readonly environment: Environment;
}

/** Environment over file over defaults. Throws ConfigurationError that names the file or variable, the key and what is allowed. */
export function loadServerConfig(source: ConfigSource): ServerConfig {
  const { environment } = source;
  const file = source.file ?? environment["PACPOOL_SERVER_CONFIG"];
  const path = resolve(file ?? "/etc/pacpool/server.toml");
  const table = readTable(path, file !== undefined);
  const known = table === undefined ? {} : knownKeys(table, path);
  const value = <Name extends KeyName>(name: Name): z.infer<(typeof KEYS)[Name]["schema"]> | undefined => {
    const variable = `PACPOOL_${name.toUpperCase()}`;
    const fromEnvironment = environment[variable];
    if (fromEnvironment !== undefined && fromEnvironment !== "") {
      return check(name, fromEnvironment, `the environment variable ${variable}`);
    }
    return known[name] === undefined ? undefined : check(name, known[name], `${path}: ${name}`);
  };
  const opsListen = value("ops_listen") ?? "127.0.0.1:7118";
  return {
    file: table === undefined ? undefined : path,
    listen: value("listen") ?? "127.0.0.1:7117",
    opsListen: opsListen === "off" ? undefined : opsListen,
    stateDir: value("state_dir") ?? defaultStateDir(environment),
    databaseUrl: value("database_url"),
    redisUrl: value("redis_url"),
    tls: tlsFiles(value("tls_cert"), value("tls_key")),
    heartbeatSeconds: value("heartbeat") ?? HEARTBEAT_SECONDS,
    logLevel: value("log_level") ?? "info",
    advertise: value("advertise"),
    keepTargets: value("keep_targets") ?? KEEP_TARGETS,
    fetchMirrors: value("fetch_mirrors") ?? true,
    archive: value("archive"),
    unsignedAllowed: value("unsigned_allowed") ?? [],
  };
}

function isAddress(text: string): boolean {
  return ADDRESS.test(text) && Number(text.slice(text.lastIndexOf(":") + 1)) <= 65_535;
}

function readTable(path: string, required: boolean): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!required && error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw new ConfigurationError(`reading the configuration file ${path} failed: ${reasonOf(error)}`, { cause: error });
  }
  try {
    return parse(text);
  } catch (error) {
    const where =
      error instanceof TomlError ? `line ${String(error.line)}, column ${String(error.column)}` : "somewhere";
    throw new ConfigurationError(`${path} is not TOML at ${where}: ${firstLine(reasonOf(error))}`, { cause: error });
  }
}

/** Keys may be written with dashes too, as those of agent.toml are. */
function knownKeys(table: Readonly<Record<string, unknown>>, path: string): Partial<Record<KeyName, unknown>> {
  const known: Partial<Record<KeyName, unknown>> = {};
  for (const [written, value] of Object.entries(table)) {
    const name = written.replaceAll("-", "_");
    if (!isKeyName(name)) {
      throw new ConfigurationError(`${path}: unknown key ${written}; known keys are ${Object.keys(KEYS).join(", ")}`);
    }
    known[name] = value;
  }
  return known;
}

function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name);
}

function check<Name extends KeyName>(
  name: Name,
  value: unknown,
  where: string,
): z.infer<(typeof KEYS)[Name]["schema"]> {
  const result = KEYS[name].schema.safeParse(value);
  if (!result.success) {
    const shown = name === "database_url" || name === "redis_url" ? "its value" : JSON.stringify(value);
    throw new ConfigurationError(`${where}: ${shown} is not allowed; allowed is ${KEYS[name].allowed}`);
  }
  return result.data as z.infer<(typeof KEYS)[Name]["schema"]>;
}

function tlsFiles(certFile: string | undefined, keyFile: string | undefined): ServerConfig["tls"] {
  if (certFile === undefined && keyFile === undefined) {
    return undefined;
  }
  if (certFile === undefined || keyFile === undefined) {
    throw new ConfigurationError(
      "tls_cert and tls_key belong together: give both, or none to use the authority made at first start",
    );
  }
  return { certFile, keyFile };
}

function defaultStateDir(environment: Environment): string {
  if (process.getuid?.() === 0) {
    return "/var/lib/pacpool";
  }
  const base = environment["XDG_STATE_HOME"];
  return join(
    base === undefined || base === "" ? join(environment["HOME"] ?? homedir(), ".local/state") : base,
    "pacpool",
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
