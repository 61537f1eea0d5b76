// Writes the profile of whoever typed init or join: root's own, and that of the person behind sudo, who will type the verbs.
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  configurationFolder,
  type Environment,
  type Profile,
  profilePath,
  readProfileFile,
  saveProfile,
} from "../profile.ts";
import type { Terminal } from "../terminal.ts";

export interface ProfileWish {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** A key file that whoever runs this may read; undefined when there is none. */
  readonly keyFile: string | undefined;
  readonly pool: string;
  readonly endpoint: string;
  readonly stateDir: string | undefined;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export function writeProfiles(
  wish: ProfileWish,
  named: string | undefined,
  environment: Environment,
  terminal: Terminal,
): void {
  writeProfile(profilePath(named, environment), wish, undefined, terminal);
  const person = personBehindSudo(environment);
  if (named === undefined && person !== undefined) {
    writeProfile(join(configurationFolder({ HOME: person.home }), "config.toml"), wish, person, terminal);
  }
}

/** The default profile, or one named after the pool's server when the default is of another server. */
function writeProfile(path: string, wish: ProfileWish, owner: Owner | undefined, terminal: Terminal): void {
  const file = readProfileFile(path, false);
  const present = file.profiles[file.defaultProfile];
  const isFree = present?.server === undefined || present.server === wish.server;
  const name = isFree ? file.defaultProfile : wish.server.replaceAll(/[^A-Za-z0-9.-]/g, "-");
  const folder = dirname(path);
  const topmost = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (topmost !== undefined && owner !== undefined) handOver(folder, topmost, owner);
  const ca = join(folder, `${name}.ca.pem`);
  put(ca, wish.ca, owner);
  const profile: Profile = {
    server: wish.server,
    ca,
    keyFile: keyFor(wish.keyFile, join(folder, `${name}.key`), owner) ?? present?.keyFile,
    pool: wish.pool,
    endpoint: wish.endpoint,
    stateDir: wish.stateDir,
  };
  saveProfile(path, name, profile, owner);
  const how = name === file.defaultProfile ? "" : `; use it with --profile ${name}`;
  terminal.note(`Profile ${name} is in ${path}${how}.`);
}

/** Root's profile names the server's own file; another person gets a copy that only they can read. */
function keyFor(keyFile: string | undefined, copy: string, owner: Owner | undefined): string | undefined {
  if (keyFile === undefined || owner === undefined) return keyFile;
  copyFileSync(keyFile, copy);
  chmodSync(copy, 0o600);
  chownSync(copy, owner.uid, owner.gid);
  return copy;
}

/** Every folder that was made on the way belongs to whom it was made for. */
function handOver(folder: string, topmost: string, owner: Owner): void {
  for (let one = folder; one.length >= topmost.length; one = dirname(one)) chownSync(one, owner.uid, owner.gid);
}

function put(path: string, text: string, owner: Owner | undefined): void {
  writeFileSync(path, text, { mode: 0o644 });
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
}

function personBehindSudo(environment: Environment): (Owner & { readonly home: string }) | undefined {
  const user = environment["SUDO_USER"];
  if (user === undefined || user === "" || user === "root" || process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid, , home] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined || home === undefined
    ? undefined
    : { uid: Number(uid), gid: Number(gid), home };
}
