// agent.toml: what the machine's owner allows, and where things lie. Flags win over PACPOOL_... variables, these over
// the file, the file over the defaults. Must not know pacman or the server.
import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import * as z from "zod/mini";
import { APPLY, type Apply, MISSED_WINDOW, type MissedWindow, REBOOT, type Reboot } from "../domain/consent/consent.ts";
import { parseWindow, type TimeWindow, WINDOW_FORM } from "../domain/consent/window.ts";
import { defaultRunDir, defaultStateDir, ownSurroundings, type PathSurroundings } from "./paths.ts";

export const DEFAULT_CONFIG_PATH = "/etc/pacpool/agent.toml";

const METERED = ["wait", "allow"] as const;

export interface AgentConfig {
  /** HOST:PORT; absent means the one that the machine enrolled at. */
  readonly server: string | undefined;
  /** PEM file; absent means the authority that came with the enrolment. */
  readonly ca: string | undefined;
  /** File with the endpoint's key; absent means the identity's own. */
  readonly keyFile: string | undefined;
  readonly stateDir: string;
  readonly runDir: string;
  readonly pacmanConfig: string;
  /** Absent means that the root decides, see effectiveApply. */
  readonly apply: Apply | undefined;
  readonly reboot: Reboot;
  readonly metered: (typeof METERED)[number];
  readonly missedWindow: MissedWindow;
  /** When operations may run under apply = window, and the machine may be restarted under reboot = window. */
  readonly windows: readonly TimeWindow[];
  /** Program and arguments that restart the machine. */
  readonly rebootCommand: readonly string[];
  /** Percent; below it a machine on its battery waits. 0 for never. */
  readonly battery: number;
  /** URL of package files that no repository has any more; absent means none is asked. */
  readonly archive: string | undefined;
  /** SHA-256 of package files that may come from and go to others without a signature. */
  readonly unsignedAllowed: readonly string[];
  /** Bytes a second for package files that the server asks for. */
  readonly uploadRate: number;
}

/** A mistake in the configuration. The message says where, what, and what is allowed; the process exits with 2. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly exitCode = 2;
}

/** The flags of `agent` that win over everything else. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly pacmanConfig?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly runDir?: string | undefined;
  readonly server?: string | undefined;
  readonly ca?: string | undefined;
}

/** A fifth of what a home line sends in a second: nobody notices. */
const DEFAULT_UPLOAD_RATE = "1M";
const DEFAULT_BATTERY = 30;
const MAX_WINDOWS = 64;
/** Room for years of a fleet's own packages. */
const MAX_UNSIGNED = 10_000;

const path = z.optional(z.string().check(z.minLength(1, "must be a path")));

const FileSchema = z.strictObject({
  server: z.optional(z.string().check(z.regex(/^\S+:\d{1,5}$/, "must be HOST:PORT"))),
  ca: path,
  key_file: path,
  state_dir: path,
  run_dir: path,
  pacman_config: path,
  apply: z.optional(z.enum(APPLY)),
  reboot: z.optional(z.enum(REBOOT)),
  metered: z.optional(z.enum(METERED)),
  missed_window: z.optional(z.enum(MISSED_WINDOW)),
  windows: z.optional(
    z
      .array(z.string().check(z.refine((text) => parseWindow(text) !== undefined, `must be windows, ${WINDOW_FORM}`)))
      .check(z.maxLength(MAX_WINDOWS, `must be at most ${String(MAX_WINDOWS)} windows`)),
  ),
  reboot_command: z.optional(z.array(z.string()).check(z.minLength(1, "must be a program and its arguments"))),
  battery: z.optional(
    z.coerce
      .number()
      .check(z.int("must be percent"), z.minimum(0, "must be percent"), z.maximum(100, "must be percent")),
  ),
  archive: z.optional(
    z
      .string()
      .check(z.regex(/^https?:\/\/\S*\{\w+\}\S*$/, "must be a URL with {filename}, or {name}, {version} and {arch}")),
  ),
  unsigned_allowed: z.optional(
    z
      .array(z.string().check(z.regex(/^[0-9a-f]{64}$/, "must be SHA-256 digests, 64 hex digits each")))
      .check(z.maxLength(MAX_UNSIGNED, `must be at most ${String(MAX_UNSIGNED)} digests`)),
  ),
  upload_rate: z.optional(
    z.string().check(z.regex(/^[1-9]\d{0,8}[KMG]$/, "must be bytes a second, such as 500K or 2M")),
  ),
});

type Settings = z.infer<typeof FileSchema>;

/** A key of agent.toml, for the manual. */
export type AgentKey = keyof Settings;

const KEYS = Object.keys(FileSchema.shape) as readonly (keyof Settings)[];

// An operator's own PACPOOL_KEY_FILE must not become this machine's identity.
const VARIABLES: Readonly<Partial<Record<keyof Settings, string>>> = { key_file: "PACPOOL_AGENT_KEY_FILE" };

/** In a variable, separated by what cannot be within one. */
const LISTS: Readonly<Partial<Record<keyof Settings, RegExp>>> = {
  unsigned_allowed: /[\s,]+/,
  windows: /;/,
  reboot_command: /\s+/,
};

/** Reads, merges and checks. Throws ConfigurationError. A missing file is fine unless a flag or variable named it. */
export function loadAgentConfig(flags: ConfigFlags, surroundings: PathSurroundings = ownSurroundings()): AgentConfig {
  const named = flags.config ?? surroundings.environment["PACPOOL_AGENT_CONFIG"];
  const file = readSettingsFile(named ?? DEFAULT_CONFIG_PATH, named !== undefined);
  const settings = { ...file, ...readVariables(surroundings.environment), ...readFlags(flags) };
  const stateDir = resolve(settings.state_dir ?? defaultStateDir(surroundings));
  return {
    server: settings.server,
    ca: absolute(settings.ca),
    keyFile: absolute(settings.key_file),
    stateDir,
    runDir: resolve(settings.run_dir ?? defaultRunDir(surroundings, stateDir)),
    pacmanConfig: resolve(settings.pacman_config ?? "/etc/pacman.conf"),
    apply: settings.apply,
    reboot: settings.reboot ?? "never",
    metered: settings.metered ?? "wait",
    missedWindow: settings.missed_window ?? "shutdown",
    windows: (settings.windows ?? []).flatMap((text) => parseWindow(text) ?? []),
    rebootCommand: settings.reboot_command ?? ["systemctl", "reboot"],
    battery: settings.battery ?? DEFAULT_BATTERY,
    archive: settings.archive,
    unsignedAllowed: settings.unsigned_allowed ?? [],
    uploadRate: rateOf(settings.upload_rate ?? DEFAULT_UPLOAD_RATE),
  };
}

/** On the real root nothing is changed until the owner says so; any other root was set up for pacpool on purpose. */
export function effectiveApply(apply: Apply | undefined, root: string): Apply {
  return apply ?? (resolve(root) === "/" ? "never" : "ask");
}

function readSettingsFile(file: string, isRequired: boolean): Settings {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if (!isRequired && isMissing(cause)) {
      return {};
    }
    throw new ConfigurationError(`reading ${file} failed: ${messageOf(cause)}; check the path or leave --config out`, {
      cause,
    });
  }
  try {
    return check(parse(text), (key) => `${file}: ${key}`, file);
  } catch (cause) {
    if (cause instanceof TomlError) {
      const where = `${file}:${String(cause.line)}:${String(cause.column)}`;
      throw new ConfigurationError(`${where}: this is not TOML: ${cause.message.split("\n")[0] ?? ""}`, { cause });
    }
    throw cause;
  }
}

function readVariables(environment: PathSurroundings["environment"]): Settings {
  const found: Record<string, string | readonly string[]> = {};
  for (const key of KEYS) {
    const value = environment[variableOf(key)];
    if (value !== undefined && value !== "") {
      const separator = LISTS[key];
      found[key] = separator === undefined ? value : value.split(separator).filter((one) => one.trim() !== "");
    }
  }
  return check(found, (key) => `environment: ${variableOf(key as keyof Settings)}`, "environment");
}

function readFlags(flags: ConfigFlags): Settings {
  const found = {
    server: flags.server,
    ca: flags.ca,
    state_dir: flags.stateDir,
    run_dir: flags.runDir,
    pacman_config: flags.pacmanConfig,
  };
  const given = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return check(given, (key) => `command line: --${key.replaceAll("_", "-")}`, "command line");
}

/** Hyphens and underscores in keys mean the same, so that `missed-window` may be written as people say it. */
function check(raw: Readonly<Record<string, unknown>>, name: (key: string) => string, source: string): Settings {
  const settings = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key.replaceAll("-", "_"), value]));
  const checked = FileSchema.safeParse(settings);
  if (checked.success) {
    return withoutUndefined(checked.data);
  }
  const sentences = checked.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") {
      return `${source}: unknown key ${issue.keys.join(", ")}; known are ${KEYS.join(", ")}`;
    }
    const key = String(issue.path[0]);
    return `${name(key)} ${allowedBy(issue)}, not ${JSON.stringify(settings[key])}`;
  });
  throw new ConfigurationError(sentences.join("\n"));
}

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "invalid_type":
      return `must be a ${issue.expected}`;
    default:
      return issue.message;
  }
}

function withoutUndefined(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function variableOf(key: keyof Settings): string {
  return VARIABLES[key] ?? `PACPOOL_${key.toUpperCase()}`;
}

/** Of a number with one of K, M and G. */
function rateOf(text: string): number {
  const units: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
  return Number.parseInt(text, 10) * (units[text.slice(-1)] ?? 1);
}

function absolute(file: string | undefined): string | undefined {
  return file === undefined || isAbsolute(file) ? file : resolve(file);
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
