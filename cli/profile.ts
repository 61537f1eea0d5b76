// The person's configuration: a TOML file with profiles, each naming a server, whom to believe and which key to use.
// It must not know what is done with them.
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify, TomlError } from "smol-toml";
import { UsageError } from "./usage-error.ts";

export interface Profile {
  readonly server?: string | undefined;
  /** PEM file. */
  readonly ca?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Where deeds aim when nothing is named. */
  readonly pool?: string | undefined;
  readonly endpoint?: string | undefined;
  /** State folder of this machine's agent, when it is not the usual one. */
  readonly stateDir?: string | undefined;
}

export interface ProfileFile {
  readonly path: string;
  readonly isThere: boolean;
  /** The profile that counts when none is named. */
  readonly defaultProfile: string;
  readonly profiles: Readonly<Record<string, Profile>>;
  /** [waybar] as it was written; bar-settings.ts reads it. */
  readonly waybar: Readonly<Record<string, unknown>>;
  /** [notifications]: what is wanted, by kind; `enabled` for all of them. */
  readonly notifications: Readonly<Record<string, boolean>>;
  /** [tui] as it was written; look.ts reads it. */
  readonly tui: unknown;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PROFILE = "default";
const KEYS = {
  server: "server",
  ca: "ca",
  key_file: "keyFile",
  pool: "pool",
  endpoint: "endpoint",
  state_dir: "stateDir",
} as const;

/** A key of a profile, for the manual. */
export type ProfileKey = keyof typeof KEYS;

/** $XDG_CONFIG_HOME/pacpool. */
export function configurationFolder(environment: Environment): string {
  const base = environment["XDG_CONFIG_HOME"];
  const home = environment["HOME"];
  const isHomeless = home === undefined || home === "";
  return join(base === undefined || base === "" ? join(isHomeless ? homedir() : home, ".config") : base, "pacpool");
}

/** The file that a person's profiles are in. */
export function profilePath(named: string | undefined, environment: Environment): string {
  return named ?? nonEmpty(environment["PACPOOL_CONFIG"]) ?? join(configurationFolder(environment), "config.toml");
}

/** Throws UsageError that names the file, the key and what is allowed. A missing file is fine unless it was named. */
export function loadProfileFile(named: string | undefined, environment: Environment): ProfileFile {
  const isNamed = named !== undefined || nonEmpty(environment["PACPOOL_CONFIG"]) !== undefined;
  return readProfileFile(profilePath(named, environment), isNamed);
}

export function readProfileFile(path: string, mustExist: boolean): ProfileFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (!mustExist && (code === "ENOENT" || code === "EACCES")) {
      const nothing = { profiles: {}, waybar: {}, notifications: {}, tui: {} };
      return { path, isThere: false, defaultProfile: DEFAULT_PROFILE, ...nothing };
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`reading the configuration ${path} failed: ${why}`, { cause });
  }
  return { path, isThere: true, ...checkFile(path, parseToml(path, text)) };
}

/** The profile that counts: the named one, else the file's default. */
export function chooseProfile(
  file: ProfileFile,
  named: string | undefined,
): { readonly name: string; readonly profile: Profile } {
  const name = named ?? file.defaultProfile;
  const profile = file.profiles[name];
  if (profile === undefined && named !== undefined) {
    const known = Object.keys(file.profiles);
    const list = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
    throw new UsageError(`${file.path} has no profile ${named}; ${list}`);
  }
  return { name, profile: profile ?? {} };
}

/** Adds or replaces one profile and keeps the others. The first one becomes the default. */
export function saveProfile(
  path: string,
  name: string,
  profile: Profile,
  owner?: { readonly uid: number; readonly gid: number },
): void {
  const table = readTable(path);
  const profiles = isTable(table["profiles"]) ? table["profiles"] : {};
  const written = Object.fromEntries(
    Object.entries(KEYS).flatMap(([key, field]) => (profile[field] === undefined ? [] : [[key, profile[field]]])),
  );
  const whole = {
    ...table,
    default_profile: table["default_profile"] ?? name,
    profiles: { ...profiles, [name]: written },
  };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  writeFileSync(draft, `${stringify(whole)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  if (owner !== undefined) {
    chownSync(draft, owner.uid, owner.gid);
    chownSync(dirname(path), owner.uid, owner.gid);
  }
  renameSync(draft, path);
}

function readTable(path: string): Record<string, unknown> {
  try {
    return parseToml(path, readFileSync(path, "utf8"));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {};
    throw cause;
  }
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const where = `${path}:${String(cause.line)}:${String(cause.column)}`;
    throw new UsageError(`${where}: this is not TOML: ${cause.message.split("\n")[0] ?? ""}`, { cause });
  }
}

const TOP_KEYS: readonly string[] = ["default_profile", "profiles", "notifications", "tui", "waybar"];

function checkFile(path: string, table: Record<string, unknown>): Omit<ProfileFile, "path" | "isThere"> {
  for (const key of Object.keys(table)) {
    if (!TOP_KEYS.includes(key)) {
      throw new UsageError(
        `${path}: unknown key ${key}; known are default_profile, [profiles.NAME], [notifications], [tui] and [waybar]`,
      );
    }
  }
  const defaultProfile = table["default_profile"] ?? DEFAULT_PROFILE;
  if (typeof defaultProfile !== "string") throw new UsageError(`${path}: default_profile must be a name in quotes`);
  const profiles = table["profiles"] ?? {};
  if (!isTable(profiles)) throw new UsageError(`${path}: profiles must be written as [profiles.NAME]`);
  const checked = Object.entries(profiles).map(([name, one]) => [name, checkProfile(path, name, one)] as const);
  const waybar = table["waybar"] ?? {};
  if (!isTable(waybar)) throw new UsageError(`${path}: waybar must be a table, [waybar]`);
  const notifications = checkNotifications(path, table["notifications"] ?? {});
  return { defaultProfile, profiles: Object.fromEntries(checked), waybar, notifications, tui: table["tui"] ?? {} };
}

const NOTIFICATIONS = ["enabled", "target", "sync", "done", "failed", "approval", "reboot"];

function checkNotifications(path: string, table: unknown): Readonly<Record<string, boolean>> {
  if (!isTable(table)) throw new UsageError(`${path}: notifications must be a table, [notifications]`);
  const checked = Object.entries(table).map(([key, value]) => {
    if (!NOTIFICATIONS.includes(key)) {
      throw new UsageError(`${path}: notifications: unknown key ${key}; known are ${NOTIFICATIONS.join(", ")}`);
    }
    if (typeof value !== "boolean") throw new UsageError(`${path}: notifications.${key} must be true or false`);
    return [key, value] as const;
  });
  return Object.fromEntries(checked);
}

function checkProfile(path: string, name: string, table: unknown): Profile {
  if (!isTable(table)) throw new UsageError(`${path}: profile ${name} must be a table, [profiles.${name}]`);
  const profile: Record<string, string> = {};
  for (const [written, value] of Object.entries(table)) {
    const key = written.replaceAll("-", "_");
    if (!isKey(key)) {
      throw new UsageError(
        `${path}: profiles.${name}: unknown key ${written}; known are ${Object.keys(KEYS).join(", ")}`,
      );
    }
    if (typeof value !== "string" || value === "") {
      throw new UsageError(`${path}: profiles.${name}.${written} must be a text in quotes`);
    }
    profile[KEYS[key]] = value;
  }
  return profile;
}

function isKey(key: string): key is keyof typeof KEYS {
  return Object.hasOwn(KEYS, key);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
